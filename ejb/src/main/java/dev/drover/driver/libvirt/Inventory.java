package dev.drover.driver.libvirt;

import dev.drover.driver.libvirt.remote.RemoteCalls;
import dev.drover.driver.libvirt.wire.DomainRef;
import dev.drover.model.Domain;
import dev.drover.model.NodeInfo;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** What is on a host, asked without blocking in the way that libvirt's driver of that hypervisor understands. */
interface Inventory {

    int LIST_PERSISTENT = 1 << 2;

    /** @param type as {@code virConnectGetType}: {@code QEMU}, {@code Xen}, … */
    static Inventory of(String type, RemoteCalls calls) {
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "xen", "libxl" -> new XenInventory(calls);
            default -> new BulkInventory(calls);
        };
    }

    CompletableFuture<NodeInfo> node();

    /** Every domain that may be moved, running or not. */
    CompletableFuture<List<Domain>> domains();

    /** Those of them that are still there. */
    CompletableFuture<List<Domain>> domains(List<DomainRef> which);

    /** The domains that are defined here. */
    static CompletableFuture<Set<UUID>> persistent(RemoteCalls calls) {
        return calls.connectListAllDomains(LIST_PERSISTENT)
                .thenApply(list -> list.stream().map(DomainRef::uuid).collect(Collectors.toSet()));
    }
}
