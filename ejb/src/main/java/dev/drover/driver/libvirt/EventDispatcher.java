package dev.drover.driver.libvirt;

import dev.drover.driver.libvirt.remote.Procedure;
import dev.drover.driver.libvirt.remote.RemoteCalls;
import dev.drover.driver.libvirt.rpc.RpcChannel;
import dev.drover.driver.libvirt.wire.DomainRef;
import dev.drover.driver.libvirt.wire.TypedParams;
import dev.drover.driver.libvirt.wire.XdrReader;
import dev.drover.hypervisor.HypervisorConnection.Subscription;
import dev.drover.hypervisor.HypervisorEvent;
import dev.drover.hypervisor.JobStats;
import dev.drover.model.Failure;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Hands a connection's events to its subscribers, on the I/O thread. */
final class EventDispatcher implements RpcChannel.Listener {

    private static final System.Logger LOG = System.getLogger(EventDispatcher.class.getName());

    private static final int LIFECYCLE = 0;
    private static final int MIGRATION_ITERATION = 20;
    private static final int JOB_COMPLETED = 21;

    private final List<Consumer<HypervisorEvent>> listeners = new CopyOnWriteArrayList<>();

    /** Asks the server for all that {@link HypervisorEvent} knows. */
    CompletableFuture<Void> register(RemoteCalls calls) {
        return calls.connectDomainEventCallbackRegisterAny(LIFECYCLE)
                .thenCompose(id -> calls.connectDomainEventCallbackRegisterAny(MIGRATION_ITERATION))
                .thenCompose(id -> calls.connectDomainEventCallbackRegisterAny(JOB_COMPLETED))
                .thenAccept(id -> {});
    }

    Subscription subscribe(Consumer<HypervisorEvent> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void event(int procedure, XdrReader body) {
        read(procedure, body).ifPresent(this::tell);
    }

    @Override
    public void closed(Optional<Failure> cause) {
        tell(new HypervisorEvent.ConnectionClosed(cause));
    }

    private static Optional<HypervisorEvent> read(int procedure, XdrReader in) {
        return switch (procedure) {
            case Procedure.DOMAIN_EVENT_CALLBACK_LIFECYCLE -> {
                DomainRef domain = domain(in);
                int event = in.int32();
                var kinds = HypervisorEvent.Lifecycle.Kind.values();
                yield event < 0 || event >= kinds.length
                        ? Optional.empty()
                        : Optional.of(
                                new HypervisorEvent.Lifecycle(domain.uuid(), domain.name(), kinds[event], in.int32()));
            }
            case Procedure.DOMAIN_EVENT_CALLBACK_MIGRATION_ITERATION -> {
                DomainRef domain = domain(in);
                yield Optional.of(new HypervisorEvent.MigrationIteration(domain.uuid(), domain.name(), in.int32()));
            }
            case Procedure.DOMAIN_EVENT_CALLBACK_JOB_COMPLETED -> {
                DomainRef domain = domain(in);
                yield Optional.of(new HypervisorEvent.JobCompleted(
                        domain.uuid(),
                        domain.name(),
                        JobStatsReader.read(JobStats.Type.COMPLETED, TypedParams.read(in))));
            }
            default -> Optional.empty();
        };
    }

    private static DomainRef domain(XdrReader in) {
        in.int32(); // the callback's number, which tells nothing that the procedure does not
        return DomainRef.read(in);
    }

    private void tell(HypervisorEvent event) {
        for (Consumer<HypervisorEvent> listener : listeners) {
            try {
                listener.accept(event);
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "a listener failed on " + event, e);
            }
        }
    }
}
