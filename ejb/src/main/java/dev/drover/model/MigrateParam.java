package dev.drover.model;

import static dev.drover.model.FailureCode.ARGUMENT_UNSUPPORTED;
import static dev.drover.model.FailureCode.INVALID_ARGUMENT;
import static dev.drover.model.FailureCode.OVERFLOW;
import static dev.drover.model.MigrateFlag.AUTO_CONVERGE;
import static dev.drover.model.MigrateFlag.COMPRESSED;
import static dev.drover.model.MigrateFlag.NON_SHARED_DISK;
import static dev.drover.model.MigrateFlag.NON_SHARED_INC;
import static dev.drover.model.MigrateFlag.OFFLINE;
import static dev.drover.model.MigrateFlag.PARALLEL;
import static dev.drover.model.MigrateFlag.PERSIST_DEST;
import static dev.drover.model.MigrateFlag.POSTCOPY;
import static dev.drover.model.MigrateFlag.TUNNELLED;

import dev.drover.model.ParamCondition.Beside;
import dev.drover.model.ParamCondition.Between;
import dev.drover.model.ParamCondition.Excludes;
import dev.drover.model.ParamCondition.Needs;
import dev.drover.model.ParamCondition.PowerOfTwo;
import dev.drover.model.ParamCondition.Shaped;
import dev.drover.model.ParamCondition.Tunes;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The migrate parameters: libvirt's {@code VIR_MIGRATE_PARAM_*} up to 12.2 and the two Xen ones of the 2007 proposal. Each
 * row: name, type, the version that brought it, unit, what it does, and what it demands. OpenAPI, JMX and the documents
 * are fed from here.
 */
public enum MigrateParam {
    MIGRATE_URI(
            "migrate_uri",
            Type.STRING,
            "1.1.0",
            "",
            "where the hypervisor sends the memory",
            shaped(TextShape.DATA_URI),
            notTunnelled()),
    DESTINATION_NAME(
            "destination_name",
            Type.STRING,
            "1.1.0",
            "",
            "name of the domain on the destination",
            shaped(TextShape.DOMAIN_NAME)),
    DESTINATION_XML(
            "destination_xml",
            Type.STRING,
            "1.1.0",
            "",
            "the domain as it runs on the destination; only the host's side of it may differ",
            shaped(TextShape.XML)),
    PERSISTENT_XML(
            "persistent_xml",
            Type.STRING,
            "1.3.4",
            "",
            "the definition to keep on the destination",
            shaped(TextShape.XML),
            needs(PERSIST_DEST)),
    BANDWIDTH("bandwidth", Type.ULLONG, "1.1.0", "MiB/s", "limit of the copy; 0 is none", speed(), notOffline()),
    BANDWIDTH_POSTCOPY(
            "bandwidth.postcopy",
            Type.ULLONG,
            "5.1.0",
            "MiB/s",
            "limit after the switch to post-copy; 0 is none",
            speed(),
            needs(POSTCOPY)),
    BANDWIDTH_SWITCHOVER(
            "bandwidth.avail.switchover",
            Type.ULLONG,
            "11.1.0",
            "MiB/s",
            "what the link is assumed to carry when the end of the copy is judged",
            speed(),
            notOffline()),
    GRAPHICS_URI(
            "graphics_uri",
            Type.STRING,
            "1.1.0",
            "",
            "where the viewers of the guest's screen connect again",
            shaped(TextShape.GRAPHICS_URI),
            notOffline()),
    LISTEN_ADDRESS(
            "listen_address",
            Type.STRING,
            "1.1.4",
            "",
            "address on which the destination listens for the data",
            shaped(TextShape.HOST),
            notTunnelled(),
            notOffline()),
    MIGRATE_DISKS(
            "migrate_disks", Type.STRINGS, "1.2.17", "", "a disk to copy", shaped(TextShape.DISK_TARGET), disks()),
    DISKS_PORT(
            "disks_port",
            Type.INT,
            "1.3.3",
            "",
            "port for the copy of the disks; 0 leaves it to libvirt",
            between(0, 65535),
            disks(),
            beside("disks_uri"),
            notTunnelled()),
    DISKS_URI(
            "disks_uri",
            Type.STRING,
            "6.8.0",
            "",
            "where the copy of the disks goes",
            shaped(TextShape.DISKS_URI),
            disks(),
            notTunnelled()),
    MIGRATE_DISKS_DETECT_ZEROES(
            "migrate_disks_detect_zeroes",
            Type.STRINGS,
            "10.9.0",
            "",
            "a copied disk of which zeroes are left out",
            shaped(TextShape.DISK_TARGET),
            disks()),
    MIGRATE_DISKS_TARGET_ZERO(
            "migrate_disks_target_zero",
            Type.STRINGS,
            "12.2.0",
            "",
            "a copied disk that holds zeroes on the destination already",
            shaped(TextShape.DISK_TARGET),
            disks()),
    COMPRESSION(
            "compression",
            Type.STRINGS,
            "1.3.4",
            "",
            "method: xbzrle or mt, or with PARALLEL zlib or zstd (9.4.0)",
            shaped(TextShape.METHOD),
            needs(COMPRESSED)),
    COMPRESSION_MT_LEVEL(
            "compression.mt.level", Type.INT, "1.3.4", "", "effort of mt; 1 is fastest", between(0, 9), tunes("mt")),
    COMPRESSION_MT_THREADS(
            "compression.mt.threads", Type.INT, "1.3.4", "", "threads that compress", between(1, 255), tunes("mt")),
    COMPRESSION_MT_DTHREADS(
            "compression.mt.dthreads", Type.INT, "1.3.4", "", "threads that decompress", between(1, 255), tunes("mt")),
    COMPRESSION_XBZRLE_CACHE(
            "compression.xbzrle.cache",
            Type.ULLONG,
            "1.3.4",
            "bytes",
            "memory in which xbzrle remembers pages",
            new PowerOfTwo(4096),
            tunes("xbzrle")),
    COMPRESSION_ZLIB_LEVEL(
            "compression.zlib.level",
            Type.INT,
            "9.4.0",
            "",
            "effort of zlib; 1 is fastest",
            between(0, 9),
            tunes("zlib")),
    COMPRESSION_ZSTD_LEVEL(
            "compression.zstd.level",
            Type.INT,
            "9.4.0",
            "",
            "effort of zstd; 1 is fastest",
            between(0, 20),
            tunes("zstd")),
    AUTO_CONVERGE_INITIAL(
            "auto_converge.initial",
            Type.INT,
            "2.0.0",
            "percent",
            "how much of its CPUs the guest first loses",
            between(1, 99),
            needs(AUTO_CONVERGE)),
    AUTO_CONVERGE_INCREMENT(
            "auto_converge.increment",
            Type.INT,
            "2.0.0",
            "percent",
            "how much more it loses each time",
            between(1, 99),
            needs(AUTO_CONVERGE)),
    PARALLEL_CONNECTIONS(
            "parallel.connections", Type.INT, "5.2.0", "", "number of connections", between(1, 255), needs(PARALLEL)),
    TLS_DESTINATION(
            "tls.destination",
            Type.STRING,
            "6.0.0",
            "",
            "name expected in the destination's certificate",
            shaped(TextShape.HOST),
            needs(MigrateFlag.TLS)),
    XEN_PORT(
            "XEN_PORT",
            Type.LONG,
            "0.3.2",
            "",
            "port of the data, becomes migrate_uri = tcp://hostname:port",
            between(1, 65535),
            beside("migrate_uri"),
            notTunnelled()),
    XEN_RESOURCE(
            "XEN_RESOURCE",
            Type.LONG,
            "0.3.2",
            "Mbit/s",
            "limit of the copy, becomes bandwidth in MiB/s rounded up; 0 is none",
            new Between(0, 73_786_976_294_829L, OVERFLOW),
            beside("bandwidth"),
            notOffline());

    /** The type a value must have. */
    public enum Type {
        STRING("string"),
        /** A string that may stand several times. */
        STRINGS("string"),
        INT("int"),
        LONG("long"),
        ULLONG("ullong");

        private final String word;

        Type(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }

        public boolean isText() {
            return this == STRING || this == STRINGS;
        }
    }

    private final String key;
    private final Type type;
    private final String since;
    private final String unit;
    private final String summary;
    private final List<ParamCondition> conditions;

    MigrateParam(String key, Type type, String since, String unit, String summary, ParamCondition... conditions) {
        this.key = key;
        this.type = type;
        this.since = since;
        this.unit = unit;
        this.summary = summary;
        this.conditions = List.of(conditions);
    }

    private static ParamCondition shaped(TextShape shape) {
        return new Shaped(shape);
    }

    private static ParamCondition between(long min, long max) {
        return new Between(min, max, INVALID_ARGUMENT);
    }

    // libvirt counts bytes in 63 bits
    private static ParamCondition speed() {
        return new Between(0, Long.MAX_VALUE >> 20, OVERFLOW);
    }

    private static ParamCondition needs(MigrateFlag... anyOf) {
        return new Needs(Set.of(anyOf));
    }

    private static ParamCondition disks() {
        return needs(NON_SHARED_DISK, NON_SHARED_INC);
    }

    private static ParamCondition tunes(String method) {
        return new Tunes(method);
    }

    private static ParamCondition beside(String key) {
        return new Beside(key);
    }

    private static ParamCondition notTunnelled() {
        return new Excludes(TUNNELLED, ARGUMENT_UNSUPPORTED, "the data goes through the libvirt connection");
    }

    private static ParamCondition notOffline() {
        return new Excludes(OFFLINE, INVALID_ARGUMENT, "a domain that does not run has no memory to copy");
    }

    /** The name on the wire and in requests. */
    public String key() {
        return key;
    }

    public Type type() {
        return type;
    }

    /** Whether it may stand several times. */
    public boolean repeatable() {
        return type == Type.STRINGS;
    }

    /** The libvirt version that brought it; for the Xen ones, that of the migrate call itself. */
    public LibvirtVersion since() {
        return LibvirtVersion.parse(since);
    }

    /** What a number counts; empty for texts and plain numbers. */
    public String unit() {
        return unit;
    }

    public String summary() {
        return summary;
    }

    /** What it demands of its value and of the other arguments. */
    public List<ParamCondition> conditions() {
        return conditions;
    }

    /** Between which numbers its value must lie, where that is said. */
    public Optional<Between> range() {
        return conditions.stream()
                .filter(Between.class::isInstance)
                .map(Between.class::cast)
                .findFirst();
    }

    /** Whether it is one of the 2007 proposal's for Xen, which Drover puts into libvirt's words. */
    public boolean isOfTheProposal() {
        return key.startsWith("XEN_");
    }

    public static Optional<MigrateParam> ofKey(String key) {
        return Arrays.stream(values()).filter(param -> param.key.equals(key)).findFirst();
    }
}
