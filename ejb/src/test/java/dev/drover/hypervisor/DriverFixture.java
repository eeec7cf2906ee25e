package dev.drover.hypervisor;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParams;
import dev.drover.model.ParamValue;
import dev.drover.model.TypedParameter;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Two hosts of one driver with guests on them, and short words for what the contract asks of them. */
abstract class DriverFixture {

    static final Set<MigrateFlag> LIVE = Set.of(MigrateFlag.LIVE);

    /** A connection to the host where guests start. */
    protected abstract HypervisorConnection source();

    /** A connection to the other host. */
    protected abstract HypervisorConnection destination();

    /** One more connection to the source. */
    protected abstract HypervisorConnection anotherToSource();

    protected abstract HypervisorDriver driver();

    /** A URI of this driver where nobody answers. */
    protected abstract ConnectUri unreachable();

    /** A running guest on the source. */
    protected abstract Domain startGuest(String name) throws Exception;

    /**
     * A running guest on the source to refuse things for. It must be left as it was, so where starting one is slow, all
     * cases may get the same.
     */
    protected Domain guestForRefusals() throws Exception {
        return startGuest("refused");
    }

    /** Where the source reaches the destination for the data. */
    protected String destinationAddress() {
        return destination().uri().host().orElseThrow();
    }

    /** A guest of that name, under another UUID, on the destination. */
    protected abstract void startTwin(String name) throws Exception;

    /** Lets time pass until the stage is complete. */
    protected abstract <T> T await(CompletionStage<T> stage) throws Exception;

    /** Makes migrations take some seconds. */
    protected abstract void slowDown() throws Exception;

    protected static MigrateParams params(String name, ParamValue value) {
        return MigrateParams.of(new TypedParameter(name, value));
    }

    static MigrateParams none() {
        return MigrateParams.none();
    }

    MigrationJob start(
            Domain guest,
            Set<MigrateFlag> flags,
            @Nullable String dname,
            @Nullable String hostname,
            MigrateParams params) {
        return source().startMigration(guest.uuid(), destination(), flags, dname, hostname, params);
    }

    FailureCode failure(MigrationJob job) throws Exception {
        return await(job.result().handle((domain, error) -> {
            if (error == null) {
                throw new AssertionError("it did not fail: " + domain);
            }
            return FailureException.failureOf(error).code();
        }));
    }

    boolean failed(CompletionStage<Void> stage) throws Exception {
        return await(stage.handle((none, error) -> error != null));
    }

    /** Until something has been sent; where the hypervisor tells no progress, until it tells of the job. */
    protected void awaitProgress(MigrationJob job) throws Exception {
        if (source().migrationSupport().verbs().contains(MigrationSupport.Verb.PROGRESS)) {
            awaitMore(job, 0);
            return;
        }
        while (await(job.stats()).type() != JobStats.Type.UNBOUNDED) {
            assertFalse(job.result().toCompletableFuture().isDone(), "it ended before it could be seen");
            pass();
        }
    }

    void awaitMore(MigrationJob job, long sent) throws Exception {
        while (true) {
            long now = await(job.stats()).dataProcessed();
            if (now > sent) {
                return;
            }
            assertTrue(now >= sent || now == 0, "progress ran backwards from " + sent + " to " + now);
            assertFalse(job.result().toCompletableFuture().isDone(), "it ended before it could be seen");
            pass();
        }
    }

    /** A little time. */
    protected abstract void pass() throws Exception;
}
