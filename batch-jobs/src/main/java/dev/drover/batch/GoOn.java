package dev.drover.batch;

import dev.drover.evacuation.Caretaker;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.inject.Inject;
import org.jspecify.annotations.NullUnmarked;

/** At the server's start, once jobs can be launched: lets the caretaker go on with what was under way. */
@Singleton
@Startup
@DependsOn("drover-ejb.jar#Boot")
@TransactionManagement(TransactionManagementType.BEAN)
@NullUnmarked
public class GoOn {

    @Inject
    private Caretaker caretaker;

    @PostConstruct
    void start() {
        caretaker.start();
    }
}
