package dev.drover.driver.libvirt;

import dev.drover.driver.libvirt.auth.AuthFiles;
import dev.drover.driver.libvirt.auth.Credentials;
import dev.drover.driver.libvirt.auth.ServerLogins;
import dev.drover.driver.libvirt.remote.RemoteCalls;
import dev.drover.driver.libvirt.rpc.RpcChannel;
import dev.drover.driver.libvirt.transport.Settings;
import dev.drover.driver.libvirt.transport.Target;
import dev.drover.driver.libvirt.transport.Transport;
import dev.drover.hypervisor.ConnectOptions;
import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.HypervisorDriver;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.hypervisor.ManagedPostCopy;
import dev.drover.hypervisor.MigrationMode;
import dev.drover.model.ConnectUri;
import dev.drover.model.FailureCode;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * libvirt over its wire protocol, without native code: UNIX sockets, TCP, TLS and OpenSSH, without authentication or by
 * SASL. URIs mean what they mean to libvirt's own client; what cannot be honoured is refused by name.
 */
@ApplicationScoped
public class LibvirtDriver implements HypervisorDriver {

    private static final int FEATURE_KEEPALIVE = 10;
    private static final Set<String> HYPERVISORS = Set.of("qemu", "xen");

    private static final String MODE = "drover.migration.mode";

    private final Optional<MigrationMode> preset = MigrationMode.ofText(MODE, System.getProperty(MODE));
    private final Settings settings;
    private final Credentials credentials;
    private final Optional<Path> held;
    private final Transport transport;

    public LibvirtDriver() {
        this(Settings.ofThisMachine());
    }

    LibvirtDriver(Settings settings) {
        this(
                settings,
                ManagedPostCopy.ofSystem() == ManagedPostCopy.HELD
                        ? Optional.of(Holding.folder(settings))
                        : Optional.empty());
    }

    /** @param held folder of what is held beyond this process's life; absent when nothing is */
    LibvirtDriver(Settings settings, Optional<Path> held) {
        this(settings, new ServerLogins().orElse(new AuthFiles(settings.environment(), settings.home())), held);
    }

    LibvirtDriver(Settings settings, Credentials credentials, Optional<Path> held) {
        this.settings = settings;
        this.credentials = credentials;
        this.held = held;
        this.transport = new Transport(settings);
    }

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
        Target.of(uri, settings);
    }

    @Override
    public HypervisorConnection open(ConnectUri uri, ConnectOptions options) {
        return connect(uri, options);
    }

    private LibvirtConnection connect(ConnectUri uri, ConnectOptions options) {
        return connect(
                uri,
                options,
                (target, rpc) -> transport.connect(target.endpoint(), rpc, options, uri.toString()),
                (calls, events) -> calls.connectSupportsFeature(FEATURE_KEEPALIVE)
                        .thenCompose(keepalive -> events.register(calls)));
    }

    // Nobody answers pings or reads events when this process is gone: the daemon is asked for neither.
    private LibvirtConnection connectHeld(ConnectUri uri, ConnectOptions options, Path file) {
        ConnectOptions silent = new ConnectOptions(options.connectTimeout(), options.callDeadline(), Duration.ZERO, 0);
        return connect(
                uri,
                silent,
                (target, rpc) -> transport.connectHeld(target.endpoint(), file, rpc, silent, uri.toString()),
                (calls, events) -> CompletableFuture.completedFuture(null));
    }

    private LibvirtConnection connect(
            ConnectUri uri,
            ConnectOptions options,
            BiFunction<Target, RpcChannel, Supplier<Optional<HypervisorException>>> way,
            BiFunction<RemoteCalls, EventDispatcher, CompletableFuture<Void>> wishes) {
        Target target = Target.of(uri, settings);
        var patience = new Patience(uri.toString(), options.connectTimeout());
        var events = new EventDispatcher();
        var rpc = new RpcChannel(uri.toString(), options, events);
        var explanation = way.apply(target, rpc);
        var calls = new RemoteCalls(rpc, options.callDeadline());
        try {
            new Authentication(uri.toString(), target, credentials).perform(calls, patience);
            String type = patience.on(calls.connectOpen(target.name())
                    .thenCompose(none -> wishes.apply(calls, events))
                    .thenCompose(none -> calls.connectGetType()));
            long version = patience.on(calls.connectGetLibVersion());
            return new LibvirtConnection(
                    uri,
                    rpc,
                    calls,
                    events,
                    Support.of(type, version, held.isPresent()),
                    Inventory.of(type, calls),
                    MigrationGuard.of(type),
                    preset,
                    () -> connect(uri, options),
                    held.map(folder -> new Holding(folder, uri, file -> connectHeld(uri, options, file))));
        } catch (HypervisorException e) {
            HypervisorException why = explained(e, explanation);
            rpc.close();
            throw why;
        }
    }

    // whoever waits for an answer learns only that the connection is gone
    private static HypervisorException explained(
            HypervisorException found, Supplier<Optional<HypervisorException>> explanation) {
        return found.failure().code() == FailureCode.RPC_ERROR
                ? explanation.get().orElse(found)
                : found;
    }

    @PreDestroy
    public void close() {
        transport.close();
    }
}
