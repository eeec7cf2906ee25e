package dev.drover.it.inside;

import dev.drover.model.ConnectUri;
import dev.drover.pool.ConnectionStateChanged;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An observer such as any module of the application may have. */
@ApplicationScoped
public class HeardChanges {

    private final BlockingQueue<ConnectionStateChanged> heard = new LinkedBlockingQueue<>();

    void hear(@ObservesAsync ConnectionStateChanged change) {
        heard.add(change);
    }

    /** The next change of that host; null when none comes. */
    public @Nullable ConnectionStateChanged next(ConnectUri uri) throws InterruptedException {
        ConnectionStateChanged change = heard.poll(60, TimeUnit.SECONDS);
        while (change != null && !change.uri().equals(uri)) {
            change = heard.poll(60, TimeUnit.SECONDS);
        }
        return change;
    }
}
