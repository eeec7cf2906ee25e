package dev.drover.driver.libvirt;

import dev.drover.driver.libvirt.remote.RemoteCalls;
import dev.drover.driver.libvirt.rpc.RpcChannel;
import dev.drover.driver.libvirt.rpc.Transport;
import dev.drover.hypervisor.ConnectOptions;
import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.HypervisorDriver;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.hypervisor.MigrationMode;
import dev.drover.model.ConnectUri;
import dev.drover.model.FailureCode;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * libvirt over its wire protocol, without native code. TCP and UNIX transports, no authentication so far; other
 * transports are refused by name.
 */
@ApplicationScoped
public class LibvirtDriver implements HypervisorDriver {

    private static final int TCP_PORT = 16509;
    private static final String SOCKET = "/var/run/libvirt/libvirt-sock";
    private static final int AUTH_NONE = 0;
    private static final int FEATURE_KEEPALIVE = 10;
    private static final Set<String> HYPERVISORS = Set.of("qemu", "xen");

    private static final String MODE = "drover.migration.mode";

    private final Transport transport = new Transport();
    private final Optional<MigrationMode> preset = MigrationMode.ofText(MODE, System.getProperty(MODE));

    @Override
    public String name() {
        return "libvirt";
    }

    @Override
    public boolean accepts(ConnectUri uri) {
        return HYPERVISORS.contains(uri.driver());
    }

    @Override
    public void check(ConnectUri uri) {
        address(uri);
    }

    @Override
    public HypervisorConnection open(ConnectUri uri, ConnectOptions options) {
        return connect(uri, options);
    }

    private LibvirtConnection connect(ConnectUri uri, ConnectOptions options) {
        SocketAddress address = address(uri);
        var events = new EventDispatcher();
        var rpc = new RpcChannel(uri.toString(), options, events);
        transport.connect(address, rpc, options, uri.toString());
        var calls = new RemoteCalls(rpc, options.callDeadline());
        try {
            CompletableFuture<String> ready = calls.authList()
                    .thenCompose(schemes -> authenticated(uri, schemes, calls))
                    .thenCompose(none -> calls.connectSupportsFeature(FEATURE_KEEPALIVE))
                    .thenCompose(keepalive -> events.register(calls))
                    .thenCompose(none -> calls.connectGetType());
            String type = ready.get(options.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
            long version = Waiting.on(calls.connectGetLibVersion());
            return new LibvirtConnection(
                    uri,
                    rpc,
                    calls,
                    events,
                    Support.of(type, version),
                    Inventory.of(type, calls),
                    MigrationGuard.of(type),
                    preset,
                    () -> connect(uri, options));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            rpc.close();
            throw new HypervisorException(FailureCode.NO_CONNECT, uri + ": interrupted while connecting", e);
        } catch (TimeoutException e) {
            rpc.close();
            throw silent(uri, options.connectTimeout());
        } catch (java.util.concurrent.ExecutionException | CompletionException e) {
            rpc.close();
            throw Waiting.unwrapped(e);
        }
    }

    private static CompletableFuture<Void> authenticated(ConnectUri uri, List<Integer> schemes, RemoteCalls calls) {
        if (!schemes.isEmpty() && !schemes.contains(AUTH_NONE)) {
            return CompletableFuture.failedFuture(new HypervisorException(
                    FailureCode.AUTHENTICATION_FAILED,
                    uri + ": the server wants authentication (scheme " + schemes
                            + "), which Drover does not speak yet; allow its address without"));
        }
        return calls.connectOpen(uri.driver() + "://" + (uri.path().isEmpty() ? "/system" : uri.path()));
    }

    private static HypervisorException silent(ConnectUri uri, Duration waited) {
        return new HypervisorException(
                FailureCode.NO_CONNECT,
                uri + ": connected, but no answer within " + waited.toMillis()
                        + " ms; see whether libvirtd there is well");
    }

    private static SocketAddress address(ConnectUri uri) {
        String kind = uri.transport().orElse(uri.isRemote() ? "tls" : "unix");
        return switch (kind) {
            case "tcp" ->
                new InetSocketAddress(
                        uri.host().orElseThrow(() -> refused(uri, "+tcp needs a host name")),
                        uri.port().orElse(TCP_PORT));
            case "unix" -> {
                if (uri.isRemote()) {
                    throw refused(uri, "+unix reaches this machine only; leave the host name out");
                }
                yield UnixDomainSocketAddress.of(uri.parameters().getOrDefault("socket", SOCKET));
            }
            default ->
                throw new HypervisorException(
                        FailureCode.NO_SUPPORT,
                        "uri '" + uri + "': transport " + kind + " is not supported yet; use +tcp or +unix");
        };
    }

    private static HypervisorException refused(ConnectUri uri, String why) {
        return new HypervisorException(FailureCode.INVALID_ARGUMENT, "uri '" + uri + "': " + why);
    }

    @PreDestroy
    public void close() {
        transport.close();
    }
}
