package dev.drover.hypervisor;

import static dev.drover.model.FailureCode.ARGUMENT_UNSUPPORTED;
import static dev.drover.model.FailureCode.INVALID_ARGUMENT;
import static dev.drover.model.FailureCode.NO_SUPPORT;
import static dev.drover.model.FailureCode.OPERATION_INVALID;
import static dev.drover.model.FailureCode.OVERFLOW;

import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** The table of the contract's arguments, a case a line. Where a hypervisor lacks an argument, its support says so. */
final class ArgumentCases {

    private ArgumentCases() {}

    /** Each flag with what it needs. */
    static Stream<MigrateCall> flags() {
        Map<MigrateFlag, String> calls = new EnumMap<>(MigrateFlag.class);
        Arrays.stream(MigrateFlag.values()).forEach(flag -> calls.put(flag, flag.name()));
        calls.put(MigrateFlag.TUNNELLED, "LIVE PEER2PEER TUNNELLED");
        calls.put(MigrateFlag.OFFLINE, "OFFLINE PERSIST_DEST");
        calls.put(MigrateFlag.AUTO_CONVERGE, "LIVE AUTO_CONVERGE");
        calls.put(MigrateFlag.RDMA_PIN_ALL, "LIVE RDMA_PIN_ALL | migrate_uri=rdma://h2");
        calls.put(MigrateFlag.POSTCOPY, "LIVE POSTCOPY");
        calls.put(MigrateFlag.NON_SHARED_SYNCHRONOUS_WRITES, "NON_SHARED_DISK NON_SHARED_SYNCHRONOUS_WRITES");
        calls.put(MigrateFlag.POSTCOPY_RESUME, "LIVE POSTCOPY POSTCOPY_RESUME");
        calls.put(MigrateFlag.ZEROCOPY, "LIVE PARALLEL ZEROCOPY");
        return calls.values().stream().map(MigrateCall::of);
    }

    /** Each parameter with what it needs; the parameter itself stands first. */
    static Stream<MigrateCall> params() {
        return Stream.of(
                        "LIVE | migrate_uri=tcp://h2",
                        "LIVE | destination_name=new",
                        "LIVE | destination_xml=<domain/>",
                        "LIVE PERSIST_DEST | persistent_xml=<domain/>",
                        "LIVE | bandwidth=ull:100",
                        "LIVE POSTCOPY | bandwidth.postcopy=ull:100",
                        "LIVE | bandwidth.avail.switchover=ull:100",
                        "LIVE | graphics_uri=spice://h2:5900",
                        "LIVE | listen_address=0.0.0.0",
                        "LIVE NON_SHARED_DISK | migrate_disks=vda",
                        "LIVE NON_SHARED_INC | disks_port=int:49300",
                        "LIVE NON_SHARED_DISK | disks_uri=tcp://h2:49300",
                        "LIVE NON_SHARED_DISK | migrate_disks_detect_zeroes=vda",
                        "LIVE NON_SHARED_DISK | migrate_disks_target_zero=vda",
                        "LIVE COMPRESSED | compression=xbzrle",
                        "LIVE COMPRESSED | compression.mt.level=int:1 compression=mt",
                        "LIVE COMPRESSED | compression.mt.threads=int:2 compression=mt",
                        "LIVE COMPRESSED | compression.mt.dthreads=int:2 compression=mt",
                        "LIVE COMPRESSED | compression.xbzrle.cache=ull:67108864 compression=xbzrle",
                        "LIVE COMPRESSED PARALLEL | compression.zlib.level=int:1 compression=zlib",
                        "LIVE COMPRESSED PARALLEL | compression.zstd.level=int:1 compression=zstd",
                        "LIVE AUTO_CONVERGE | auto_converge.initial=int:20",
                        "LIVE AUTO_CONVERGE | auto_converge.increment=int:10",
                        "LIVE PARALLEL | parallel.connections=int:4",
                        "LIVE TLS | tls.destination=h2.lab",
                        "LIVE | XEN_PORT=long:49200",
                        "LIVE | XEN_RESOURCE=long:0")
                .map(MigrateCall::of);
    }

    /** More that is accepted. */
    static Stream<MigrateCall> accepted() {
        return Stream.of(
                        "",
                        "LIVE PERSIST_DEST UNDEFINE_SOURCE",
                        "LIVE PAUSED",
                        "LIVE PEER2PEER",
                        "LIVE COMPRESSED",
                        "LIVE COMPRESSED | compression=xbzrle compression=mt",
                        "LIVE NON_SHARED_DISK | migrate_disks=vda migrate_disks=vdb",
                        "LIVE PEER2PEER TUNNELLED | bandwidth=ull:1",
                        "LIVE | bandwidth=ull:0",
                        "LIVE | bandwidth=ull:8796093022207",
                        "LIVE | hostname=h2",
                        "LIVE | hostname=h2.example.org:49152",
                        "LIVE | hostname=10.0.0.2",
                        "LIVE | hostname=10.0.0.2:49152",
                        "LIVE | hostname=fd00::2",
                        "LIVE | hostname=[fd00::2]",
                        "LIVE | hostname=[fd00::2]:49152",
                        "LIVE | hostname=h2 XEN_PORT=long:1",
                        "LIVE | hostname=fd00::2 XEN_PORT=long:65535",
                        "LIVE | migrate_uri=tcp://[fd00::2]:49152",
                        "LIVE | migrate_uri=tcp://10.0.0.2:49152/",
                        "LIVE | migrate_uri=unix:///run/drover/data.sock",
                        "LIVE NON_SHARED_DISK | migrate_uri=unix:///run/a.sock disks_uri=unix:///run/b.sock",
                        "LIVE | listen_address=fd00::2",
                        "LIVE | dname=Ünïcode-näme.2")
                .map(MigrateCall::of);
    }

    /** What contradicts itself, has no effect, or is out of range; refused by the driver, nothing started. */
    static Stream<Arguments> refused() {
        return Stream.of(
                // flags among themselves
                row(INVALID_ARGUMENT, "LIVE TUNNELLED"),
                row(INVALID_ARGUMENT, "LIVE PEER2PEER TUNNELLED PARALLEL"),
                row(ARGUMENT_UNSUPPORTED, "LIVE PEER2PEER TUNNELLED POSTCOPY"),
                row(ARGUMENT_UNSUPPORTED, "LIVE PEER2PEER TUNNELLED TLS"),
                row(ARGUMENT_UNSUPPORTED, "LIVE PEER2PEER TUNNELLED NON_SHARED_DISK"),
                row(ARGUMENT_UNSUPPORTED, "LIVE PEER2PEER TUNNELLED NON_SHARED_INC"),
                row(OPERATION_INVALID, "PEER2PEER TUNNELLED OFFLINE PERSIST_DEST"),
                row(ARGUMENT_UNSUPPORTED, "POSTCOPY"),
                row(ARGUMENT_UNSUPPORTED, "LIVE PAUSED POSTCOPY"),
                row(ARGUMENT_UNSUPPORTED, "LIVE POSTCOPY_RESUME"),
                row(INVALID_ARGUMENT, "LIVE NON_SHARED_DISK NON_SHARED_INC"),
                row(INVALID_ARGUMENT, "LIVE NON_SHARED_SYNCHRONOUS_WRITES"),
                row(OPERATION_INVALID, "LIVE ZEROCOPY"),
                row(INVALID_ARGUMENT, "AUTO_CONVERGE"),
                row(OPERATION_INVALID, "OFFLINE"),
                row(OPERATION_INVALID, "OFFLINE PERSIST_DEST"),
                row(OPERATION_INVALID, "OFFLINE PERSIST_DEST UNDEFINE_SOURCE"),
                row(OPERATION_INVALID, "OFFLINE PERSIST_DEST NON_SHARED_DISK"),
                row(OPERATION_INVALID, "OFFLINE PERSIST_DEST NON_SHARED_INC"),
                row(INVALID_ARGUMENT, "LIVE OFFLINE PERSIST_DEST"),
                row(INVALID_ARGUMENT, "OFFLINE PERSIST_DEST PAUSED"),
                row(INVALID_ARGUMENT, "OFFLINE PERSIST_DEST COMPRESSED"),
                row(INVALID_ARGUMENT, "OFFLINE PERSIST_DEST PARALLEL"),
                row(INVALID_ARGUMENT, "OFFLINE PERSIST_DEST TLS"),
                row(INVALID_ARGUMENT, "LIVE RDMA_PIN_ALL"),
                row(INVALID_ARGUMENT, "LIVE RDMA_PIN_ALL | migrate_uri=tcp://h2"),
                row(INVALID_ARGUMENT, "LIVE COMPRESSED PARALLEL"),
                // the name
                row(INVALID_ARGUMENT, "LIVE | dname="),
                row(INVALID_ARGUMENT, "LIVE | dname=a/b"),
                row(INVALID_ARGUMENT, "LIVE | dname=a\u0007b"),
                row(INVALID_ARGUMENT, "LIVE | dname=.."),
                row(INVALID_ARGUMENT, "LIVE | dname=" + "x".repeat(248)),
                row(INVALID_ARGUMENT, "LIVE | dname=a destination_name=b"),
                row(INVALID_ARGUMENT, "LIVE | destination_name="),
                row(INVALID_ARGUMENT, "LIVE | destination_name=a/b"),
                row(INVALID_ARGUMENT, "LIVE | destination_name=" + "x".repeat(248)),
                // where the data goes
                row(INVALID_ARGUMENT, "LIVE | hostname="),
                row(INVALID_ARGUMENT, "LIVE | hostname=localhost"),
                row(INVALID_ARGUMENT, "LIVE | hostname=127.0.0.1"),
                row(INVALID_ARGUMENT, "LIVE | hostname=::1"),
                row(INVALID_ARGUMENT, "LIVE | hostname=[::1]:49152"),
                row(INVALID_ARGUMENT, "LIVE | hostname=300.1.1.1"),
                row(INVALID_ARGUMENT, "LIVE | hostname=h2:0"),
                row(INVALID_ARGUMENT, "LIVE | hostname=h2:65536"),
                row(INVALID_ARGUMENT, "LIVE | hostname=h2:port"),
                row(INVALID_ARGUMENT, "LIVE | hostname=fd00::g"),
                row(INVALID_ARGUMENT, "LIVE | hostname=[fd00::2"),
                row(INVALID_ARGUMENT, "LIVE | hostname=tcp://h2"),
                row(INVALID_ARGUMENT, "LIVE | hostname=h2 migrate_uri=tcp://h2"),
                row(INVALID_ARGUMENT, "LIVE | hostname=h2:49152 XEN_PORT=long:49153"),
                row(ARGUMENT_UNSUPPORTED, "LIVE PEER2PEER TUNNELLED | hostname=h2"),
                row(ARGUMENT_UNSUPPORTED, "LIVE PEER2PEER TUNNELLED | migrate_uri=tcp://h2"),
                row(ARGUMENT_UNSUPPORTED, "LIVE PEER2PEER TUNNELLED | listen_address=0.0.0.0"),
                row(ARGUMENT_UNSUPPORTED, "LIVE PEER2PEER TUNNELLED | XEN_PORT=long:49152"),
                row(INVALID_ARGUMENT, "LIVE | migrate_uri=h2"),
                row(INVALID_ARGUMENT, "LIVE | migrate_uri=tcp://"),
                row(INVALID_ARGUMENT, "LIVE | migrate_uri=tcp://h2:99999"),
                row(INVALID_ARGUMENT, "LIVE | migrate_uri=tcp://localhost"),
                row(INVALID_ARGUMENT, "LIVE | migrate_uri=tcp://user@h2"),
                row(INVALID_ARGUMENT, "LIVE | migrate_uri=unix://relative"),
                row(INVALID_ARGUMENT, "LIVE | migrate_uri=tcp://h2 XEN_PORT=long:1"),
                row(INVALID_ARGUMENT, "LIVE | migrate_uri=unix:///run/a listen_address=0.0.0.0"),
                row(INVALID_ARGUMENT, "LIVE NON_SHARED_DISK | migrate_uri=unix:///run/a"),
                row(INVALID_ARGUMENT, "LIVE | listen_address=0.0.0.0:49152"),
                row(INVALID_ARGUMENT, "LIVE | listen_address=a_b?"),
                row(INVALID_ARGUMENT, "LIVE | graphics_uri=http://h2"),
                row(INVALID_ARGUMENT, "LIVE NON_SHARED_DISK | disks_port=int:1 disks_uri=tcp://h2"),
                row(INVALID_ARGUMENT, "LIVE NON_SHARED_DISK | disks_port=int:-1"),
                row(INVALID_ARGUMENT, "LIVE NON_SHARED_DISK | disks_port=int:65536"),
                row(INVALID_ARGUMENT, "LIVE NON_SHARED_DISK | disks_uri=http://h2"),
                row(INVALID_ARGUMENT, "LIVE NON_SHARED_DISK | migrate_disks=/dev/sda"),
                // how fast and how
                row(OVERFLOW, "LIVE | bandwidth=ull:8796093022208"),
                row(OVERFLOW, "LIVE | bandwidth=ull:18446744073709551615"),
                row(OVERFLOW, "LIVE POSTCOPY | bandwidth.postcopy=ull:8796093022208"),
                row(INVALID_ARGUMENT, "LIVE COMPRESSED | compression=gzip"),
                row(INVALID_ARGUMENT, "LIVE COMPRESSED | compression=zlib"),
                row(INVALID_ARGUMENT, "LIVE COMPRESSED | compression=zstd"),
                row(INVALID_ARGUMENT, "LIVE COMPRESSED PARALLEL | compression=mt"),
                row(INVALID_ARGUMENT, "LIVE COMPRESSED PARALLEL | compression=xbzrle"),
                row(INVALID_ARGUMENT, "LIVE COMPRESSED PARALLEL | compression=zlib compression=zstd"),
                row(INVALID_ARGUMENT, "LIVE COMPRESSED | compression.mt.level=int:1"),
                row(INVALID_ARGUMENT, "LIVE COMPRESSED | compression.mt.level=int:1 compression=xbzrle"),
                row(INVALID_ARGUMENT, "LIVE COMPRESSED | compression.mt.level=int:10 compression=mt"),
                row(INVALID_ARGUMENT, "LIVE COMPRESSED | compression.mt.threads=int:0 compression=mt"),
                row(INVALID_ARGUMENT, "LIVE COMPRESSED | compression.mt.dthreads=int:256 compression=mt"),
                row(INVALID_ARGUMENT, "LIVE COMPRESSED | compression.xbzrle.cache=ull:67108864 compression=mt"),
                row(INVALID_ARGUMENT, "LIVE COMPRESSED | compression.xbzrle.cache=ull:5000 compression=xbzrle"),
                row(INVALID_ARGUMENT, "LIVE COMPRESSED | compression.xbzrle.cache=ull:1024 compression=xbzrle"),
                row(INVALID_ARGUMENT, "LIVE AUTO_CONVERGE | auto_converge.initial=int:0"),
                row(INVALID_ARGUMENT, "LIVE AUTO_CONVERGE | auto_converge.increment=int:100"),
                row(INVALID_ARGUMENT, "LIVE PARALLEL | parallel.connections=int:0"),
                row(INVALID_ARGUMENT, "LIVE PARALLEL | parallel.connections=int:256"),
                row(INVALID_ARGUMENT, "LIVE TLS | tls.destination=a/b"),
                // the proposal's
                row(INVALID_ARGUMENT, "LIVE | XEN_PORT=long:0"),
                row(INVALID_ARGUMENT, "LIVE | XEN_PORT=long:65536"),
                row(INVALID_ARGUMENT, "LIVE | XEN_RESOURCE=long:-1"),
                row(OVERFLOW, "LIVE | XEN_RESOURCE=long:9223372036854775807"),
                row(INVALID_ARGUMENT, "LIVE | XEN_RESOURCE=long:1 bandwidth=ull:1"),
                row(NO_SUPPORT, "LIVE | XEN_SPEED=long:1"),
                row(NO_SUPPORT, "LIVE | XEN_=long:1"),
                row(NO_SUPPORT, "LIVE | no_such=string"),
                row(NO_SUPPORT, "LIVE | Bandwidth=ull:1"));
    }

    /** Parameters that say nothing without a flag, without that flag. */
    static Stream<MigrateCall> effectless() {
        return params().filter(call -> call.flags().size() > 1).map(call -> {
            String alone = "LIVE | " + call.line().split("\\|")[1].strip();
            return MigrateCall.of(alone);
        });
    }

    private static Arguments row(FailureCode code, String line) {
        return Arguments.of(code, MigrateCall.of(line));
    }
}
