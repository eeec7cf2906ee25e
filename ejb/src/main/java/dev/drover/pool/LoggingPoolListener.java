package dev.drover.pool;

import dev.drover.model.ConnectUri;
import dev.drover.model.Failure;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Writes the pool's events to the log: what an operator should act on as warnings, the rest for debugging. */
final class LoggingPoolListener implements PoolListener {

    private final Logger logger;

    LoggingPoolListener(Logger logger) {
        this.logger = logger;
    }

    @Override
    public void opened(ConnectUri uri, Purpose purpose) {
        logger.log(Level.DEBUG, "{0}: opened a connection for {1}", uri, purpose);
    }

    @Override
    public void openFailed(ConnectUri uri, Purpose purpose, Failure cause) {
        logger.log(Level.DEBUG, "{0}: cannot open a connection for {1}: {2}", uri, purpose, cause.message());
    }

    @Override
    public void pingFailed(ConnectUri uri, Purpose purpose, Failure cause) {
        logger.log(Level.DEBUG, "{0}: idle connection for {1} did not answer: {2}", uri, purpose, cause.message());
    }

    @Override
    public void lost(ConnectUri uri, Purpose purpose, Failure cause) {
        logger.log(Level.DEBUG, "{0}: lost a connection for {1}: {2}", uri, purpose, cause.message());
    }

    @Override
    public void closing(ConnectUri uri, Purpose purpose) {
        logger.log(Level.DEBUG, "{0}: closing a connection for {1}", uri, purpose);
    }

    @Override
    public void closeFailed(ConnectUri uri, Purpose purpose, Failure cause) {
        logger.log(Level.WARNING, "{0}: a connection for {1} did not close: {2}", uri, purpose, cause.message());
    }

    @Override
    public void waiting(ConnectUri uri, Purpose purpose) {
        logger.log(Level.DEBUG, "{0}: all connections for {1} are leased, waiting", uri, purpose);
    }

    @Override
    public void exhausted(ConnectUri uri, Purpose purpose, Failure refusal) {
        logger.log(Level.WARNING, "{0}", refusal.message());
    }

    @Override
    public void leaked(Leak leak) {
        logger.log(
                Level.WARNING,
                leak.uri() + ": a connection for " + leak.purpose() + " has been leased for "
                        + leak.heldFor().toSeconds() + " s; thread '" + leak.thread() + "' took it here and may have"
                        + " forgotten to close the lease",
                leak.borrower());
    }

    @Override
    public void stateChanged(ConnectionStateChanged change) {
        switch (change.to()) {
            case CONNECTED -> logger.log(Level.INFO, "{0}: connected", change.uri());
            case BROKEN ->
                logger.log(
                        Level.WARNING,
                        "{0}: out of reach: {1}",
                        change.uri(),
                        change.cause().map(Failure::message).orElse("no cause known"));
            case UNUSED, CLOSED -> logger.log(Level.DEBUG, "{0}: {1}", change.uri(), change.to());
        }
    }
}
