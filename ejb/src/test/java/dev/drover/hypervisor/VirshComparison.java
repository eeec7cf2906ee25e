package dev.drover.hypervisor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The calls of the comparison, and why Drover's answer differs where it does. */
final class VirshComparison {

    /** The table for people; the test of it says how to write it anew. */
    static final Path DOCUMENT = Path.of("../src/docs/VIRSH_COMPARISON.md");

    /** A call on one line, as {@link MigrateCall} reads it. @param reason empty where both agree */
    record Row(String line, String reason) {}

    private static final Map<String, String> REASONS = new LinkedHashMap<>();

    private VirshComparison() {}

    static Stream<Row> rows() {
        return Stream.concat(moving(), refused()).distinct().map(line -> new Row(line, REASONS.getOrDefault(line, "")));
    }

    private static Stream<String> moving() {
        return Stream.of(
                "",
                "LIVE",
                "LIVE PERSIST_DEST",
                "LIVE UNDEFINE_SOURCE",
                "LIVE PAUSED",
                "LIVE CHANGE_PROTECTION",
                "LIVE UNSAFE ABORT_ON_ERROR",
                "LIVE PEER2PEER TUNNELLED",
                "LIVE COMPRESSED",
                "LIVE COMPRESSED | compression=mt compression.mt.level=int:1",
                "LIVE COMPRESSED | compression=xbzrle compression.xbzrle.cache=ull:67108864",
                "LIVE AUTO_CONVERGE | auto_converge.initial=int:20 auto_converge.increment=int:10",
                "LIVE PARALLEL | parallel.connections=int:2",
                "LIVE POSTCOPY | bandwidth.postcopy=ull:100",
                "LIVE | bandwidth=ull:100",
                "LIVE | dname=renamed",
                "LIVE | migrate_uri=tcp://h2",
                "LIVE | listen_address=0.0.0.0");
    }

    // the contract's refusals, as far as C can say them: the proposal's own arguments are Drover's alone
    private static Stream<String> refused() {
        return ArgumentCases.refused()
                .map(arguments -> ((MigrateCall) arguments.get()[1]).line())
                .filter(line ->
                        !line.contains("hostname=") && !line.contains("XEN_PORT") && !line.contains("XEN_RESO"));
    }

    static List<String> document(List<String> table) {
        List<String> lines = new ArrayList<>(List.of(
                "# Drover and libvirt's C library, call by call",
                "",
                "The same calls, one after the other, through `virDomainMigrateToURI3` of the C library (which `virsh migrate`",
                "calls) and through Drover, peer to peer between two libvirt 9.0.0 daemons with QEMU 7.2. The numbers are",
                "libvirt's error codes, 0 is a guest that moved. Where they differ the last column says why: Drover refuses what",
                "libvirt lets through, or refuses up front what libvirt finds out later. Written and checked by",
                "`VirshComparisonIT`.",
                "",
                "| call | C library | Drover | why they differ |",
                "|---|---|---|---|"));
        lines.addAll(table);
        return lines;
    }
}
