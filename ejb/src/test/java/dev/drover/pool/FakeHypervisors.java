package dev.drover.pool;

import dev.drover.hypervisor.ConnectOptions;
import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.HypervisorDriver;
import dev.drover.model.ConnectUri;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Hypervisors that refuse, hang and die as a test says. Each attempt to open one is remembered. */
final class FakeHypervisors implements HypervisorDriver {

    private final Map<ConnectUri, RuntimeException> refusals = new ConcurrentHashMap<>();
    private final Map<ConnectUri, Hang> hangs = new ConcurrentHashMap<>();
    private final List<ConnectUri> attempts = new CopyOnWriteArrayList<>();
    private final List<FakeConnection> opened = new CopyOnWriteArrayList<>();

    /** An attempt to connect that is stuck from {@code begun} on until it is released. */
    record Hang(CountDownLatch begun, CountDownLatch release) {
        Hang() {
            this(new CountDownLatch(1), new CountDownLatch(1));
        }
    }

    void refuse(ConnectUri uri, RuntimeException with) {
        refusals.put(uri, with);
    }

    void welcome(ConnectUri uri) {
        refusals.remove(uri);
        hangs.remove(uri);
    }

    Hang hang(ConnectUri uri) {
        var hang = new Hang();
        hangs.put(uri, hang);
        return hang;
    }

    int attempts(ConnectUri uri) {
        return (int) attempts.stream().filter(uri::equals).count();
    }

    /** In the order of their opening, closed ones too. */
    List<FakeConnection> opened() {
        return opened;
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public boolean accepts(ConnectUri uri) {
        return uri.driver().equals("fake");
    }

    @Override
    public void check(ConnectUri uri) {}

    @Override
    public HypervisorConnection open(ConnectUri uri, ConnectOptions options) {
        attempts.add(uri);
        Hang hang = hangs.get(uri);
        if (hang != null) {
            hang.begun().countDown();
            FakeConnection.await(hang.release());
        }
        RuntimeException refusal = refusals.get(uri);
        if (refusal != null) {
            throw refusal;
        }
        var connection = new FakeConnection(uri);
        opened.add(connection);
        return connection.lent();
    }
}
