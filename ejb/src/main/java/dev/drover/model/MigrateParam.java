package dev.drover.model;

import java.util.Arrays;
import java.util.Optional;

/**
 * The migrate parameters Drover knows: libvirt's {@code VIR_MIGRATE_PARAM_*} and the two Xen ones of the 2007 proposal,
 * each with its type and the libvirt version that brought it.
 */
public enum MigrateParam {
    MIGRATE_URI("migrate_uri", Type.STRING, false, "1.1.0", "where the hypervisor sends the data: tcp://host[:port]"),
    DESTINATION_NAME("destination_name", Type.STRING, false, "1.1.0", "name of the domain on the destination"),
    DESTINATION_XML("destination_xml", Type.STRING, false, "1.1.0", "domain XML to use on the destination"),
    PERSISTENT_XML("persistent_xml", Type.STRING, false, "1.3.4", "definition to keep on the destination"),
    BANDWIDTH("bandwidth", Type.ULLONG, false, "1.1.0", "limit in MiB/s; 0 is none"),
    BANDWIDTH_POSTCOPY("bandwidth.postcopy", Type.ULLONG, false, "5.1.0", "limit in post-copy, MiB/s"),
    BANDWIDTH_SWITCHOVER(
            "bandwidth.avail.switchover", Type.ULLONG, false, "11.1.0", "bandwidth assumed at switch-over, MiB/s"),
    GRAPHICS_URI("graphics_uri", Type.STRING, false, "1.1.0", "where graphics clients reconnect"),
    LISTEN_ADDRESS("listen_address", Type.STRING, false, "1.1.1", "address the destination listens on"),
    MIGRATE_DISKS("migrate_disks", Type.STRING, true, "1.2.17", "target of a disk to copy"),
    DISKS_PORT("disks_port", Type.INT, false, "1.3.3", "port for the disk copy"),
    DISKS_URI("disks_uri", Type.STRING, false, "6.8.0", "where the disk copy goes"),
    MIGRATE_DISKS_DETECT_ZEROES(
            "migrate_disks_detect_zeroes", Type.STRING, true, "10.9.0", "target of a disk copied sparsely"),
    COMPRESSION("compression", Type.STRING, true, "1.3.4", "compression method: xbzrle, mt, zlib, zstd"),
    COMPRESSION_MT_LEVEL("compression.mt.level", Type.INT, false, "1.3.4", "mt compression level, 0..9"),
    COMPRESSION_MT_THREADS("compression.mt.threads", Type.INT, false, "1.3.4", "mt compression threads"),
    COMPRESSION_MT_DTHREADS("compression.mt.dthreads", Type.INT, false, "1.3.4", "mt decompression threads"),
    COMPRESSION_XBZRLE_CACHE("compression.xbzrle.cache", Type.ULLONG, false, "1.3.4", "xbzrle cache, bytes"),
    COMPRESSION_ZLIB_LEVEL("compression.zlib.level", Type.INT, false, "9.4.0", "zlib level, 0..9"),
    COMPRESSION_ZSTD_LEVEL("compression.zstd.level", Type.INT, false, "9.4.0", "zstd level, 0..20"),
    AUTO_CONVERGE_INITIAL("auto_converge.initial", Type.INT, false, "2.0.0", "first throttle, percent"),
    AUTO_CONVERGE_INCREMENT("auto_converge.increment", Type.INT, false, "2.0.0", "throttle step, percent"),
    PARALLEL_CONNECTIONS("parallel.connections", Type.INT, false, "5.2.0", "number of parallel connections"),
    TLS_DESTINATION("tls.destination", Type.STRING, false, "6.0.0", "name expected in the destination's certificate"),
    XEN_PORT("XEN_PORT", Type.LONG, false, "proposal of 2007", "port of the data stream, 1..65535"),
    XEN_RESOURCE("XEN_RESOURCE", Type.LONG, false, "proposal of 2007", "limit in Mbit/s; 0 is none");

    /** The type a value must have. */
    public enum Type {
        STRING("string"),
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
    }

    private final String key;
    private final Type type;
    private final boolean repeatable;
    private final String since;
    private final String summary;

    MigrateParam(String key, Type type, boolean repeatable, String since, String summary) {
        this.key = key;
        this.type = type;
        this.repeatable = repeatable;
        this.since = since;
        this.summary = summary;
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
        return repeatable;
    }

    public String since() {
        return since;
    }

    public String summary() {
        return summary;
    }

    public static Optional<MigrateParam> ofKey(String key) {
        return Arrays.stream(values()).filter(param -> param.key.equals(key)).findFirst();
    }
}
