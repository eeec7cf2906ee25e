package dev.drover.hypervisor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The calls of the comparison, and why Drover's answer differs where it does. */
public final class VirshComparison {

    /** The table for people; the test of it says how to write it anew. */
    public static final Path DOCUMENT = Path.of("../src/docs/VIRSH_COMPARISON.md");

    /** A call on one line, as {@link MigrateCall} reads it. @param reason empty where both agree */
    public record Row(String line, String reason) {

        /** For people: no control character, no endless name. */
        public String shown() {
            return line.replace("|", "\\|").replace("\u0007", "^G").replaceAll("x{248}", "x…x (248)");
        }
    }

    private static final Map<String, String> REASONS = new LinkedHashMap<>();

    static {
        because("libvirt fails with a message about something else", "LIVE PEER2PEER TUNNELLED TLS");
        because(
                "libvirt notes an error and goes on; a tunnel carries no disk",
                "LIVE PEER2PEER TUNNELLED NON_SHARED_DISK");
        because(
                "libvirt leaves a second, shut-off definition while the guest runs on",
                "OFFLINE PERSIST_DEST",
                "OFFLINE PERSIST_DEST UNDEFINE_SOURCE",
                "LIVE OFFLINE PERSIST_DEST",
                "OFFLINE PERSIST_DEST PAUSED");
        because(
                "libvirt ignores it: it has no effect",
                "AUTO_CONVERGE",
                "LIVE RDMA_PIN_ALL",
                "LIVE | graphics_uri=http://h2");
        because(
                "this guest has no disk, so libvirt does not look",
                "LIVE NON_SHARED_DISK | disks_port=int:-1",
                "LIVE NON_SHARED_DISK | disks_uri=http://h2");
        because(
                "libvirt refuses it from 9.4 on",
                "LIVE COMPRESSED PARALLEL",
                "LIVE COMPRESSED PARALLEL | compression=mt",
                "LIVE COMPRESSED PARALLEL | compression=xbzrle");
        because("libvirt leaves a guest without a name", "LIVE | dname=");
        because("libvirt leaves a guest that no terminal can name", "LIVE | dname=a\u0007b");
        because(
                "libvirt finds out when it cannot write a file of that name",
                "LIVE | dname=a/b",
                "LIVE | dname=" + "x".repeat(248));
        because("libvirt takes another port than the one that was asked for", "LIVE | migrate_uri=tcp://h2:99999");
        because("libvirt lets the source connect to itself", "LIVE | migrate_uri=tcp://localhost");
        because(
                "libvirt finds out when the destination cannot listen or the source not connect",
                "LIVE | migrate_uri=unix://relative",
                "LIVE | listen_address=0.0.0.0:49152");
        because(
                "more than libvirt takes for a migration under way, which it refuses with 82",
                "LIVE | bandwidth=ull:8796093022208",
                "LIVE POSTCOPY | bandwidth.postcopy=ull:8796093022208");
        because(
                "QEMU refuses it when the destination is up already",
                "LIVE COMPRESSED | compression.mt.level=int:10 compression=mt",
                "LIVE COMPRESSED | compression.mt.threads=int:0 compression=mt",
                "LIVE COMPRESSED | compression.xbzrle.cache=ull:5000 compression=xbzrle",
                "LIVE AUTO_CONVERGE | auto_converge.initial=int:0",
                "LIVE AUTO_CONVERGE | auto_converge.increment=int:100",
                "LIVE PARALLEL | parallel.connections=int:0",
                "LIVE PARALLEL | parallel.connections=int:256");
        because(
                "the proposal of 2007 asks for 3 where the driver does not know the parameter",
                "LIVE | XEN_SPEED=long:1",
                "LIVE | no_such=string",
                "LIVE | Bandwidth=ull:1");
    }

    /** What libvirt answers now so, now so: it depends on which of its threads is first. Measured. */
    private static final Map<String, String> EITHER = Map.of("LIVE PEER2PEER TUNNELLED TLS", "1 or 9");

    // a guest each that moves for nothing new
    private static final Set<String> LEFT_OUT = Set.of(
            "LIVE PEER2PEER TUNNELLED NON_SHARED_INC",
            "OFFLINE PERSIST_DEST COMPRESSED",
            "OFFLINE PERSIST_DEST PARALLEL",
            "OFFLINE PERSIST_DEST TLS",
            "LIVE RDMA_PIN_ALL | migrate_uri=tcp://h2",
            "LIVE | dname=..",
            "LIVE | destination_name=",
            "LIVE | destination_name=a/b",
            "LIVE | destination_name=" + "x".repeat(248),
            "LIVE | migrate_uri=tcp://user@h2",
            "LIVE | listen_address=a_b?",
            "LIVE NON_SHARED_DISK | disks_port=int:65536",
            "LIVE | bandwidth=ull:18446744073709551615",
            "LIVE COMPRESSED | compression.mt.dthreads=int:256 compression=mt",
            "LIVE COMPRESSED | compression.xbzrle.cache=ull:1024 compression=xbzrle",
            // the lab's QEMU has no certificates: it fails before it looks at the name
            "LIVE TLS | tls.destination=a/b",
            "LIVE | XEN_=long:1");

    private VirshComparison() {}

    /** The code that libvirt gave to that call, for the table: with the other one where it may give either. */
    public static String shown(Row row, int code) {
        String both = EITHER.getOrDefault(row.line(), "");
        return List.of(both.split(" or ")).contains(Integer.toString(code)) ? both : Integer.toString(code);
    }

    private static void because(String reason, String... lines) {
        for (String line : lines) {
            REASONS.put(line, reason);
        }
    }

    /** The calls, in the table's order. */
    public static Stream<Row> rows() {
        return Stream.concat(moving(), refused())
                .distinct()
                .filter(line -> !LEFT_OUT.contains(line))
                .map(line -> new Row(line, REASONS.getOrDefault(line, "")));
    }

    private static Stream<String> moving() {
        return Stream.of(
                "",
                "LIVE",
                "LIVE PERSIST_DEST",
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
                "LIVE | bandwidth=ull:100 listen_address=0.0.0.0",
                "LIVE | dname=renamed migrate_uri=tcp://h2");
    }

    // the contract's refusals, as far as C can say them: the proposal's own arguments are Drover's alone
    private static Stream<String> refused() {
        return ArgumentCases.refused()
                .map(arguments -> ((MigrateCall) arguments.get()[1]).line())
                .filter(line ->
                        !line.contains("hostname=") && !line.contains("XEN_PORT") && !line.contains("XEN_RESO"));
    }

    /** The table as a page. */
    public static List<String> document(List<String> table) {
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
        lines.addAll(List.of(
                "",
                "## When the connection to the source is lost",
                "",
                "The C library then says what its socket said: 38 of domain 7 (\"End of file while reading data\"), or 1 of",
                "domain 7 for calls after that. Drover says 39 (`VIR_ERR_RPC`) of domain 0. 38 is also what a source *answers*",
                "that cannot reach the destination, and then nothing has moved; an answer that was lost says nothing about the",
                "guest, and only 39 means that to Drover's recovery. Domain 0, since no part of libvirt has spoken."));
        return lines;
    }
}
