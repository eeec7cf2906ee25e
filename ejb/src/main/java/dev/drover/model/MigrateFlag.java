package dev.drover.model;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The migrate flags: libvirt's bit ({@code virDomainMigrateFlags}), the version that brought it, what it does and what it
 * can cost. How they depend on each other is the table {@link FlagRule}. OpenAPI, JMX and the documents are fed from here.
 */
public enum MigrateFlag {
    LIVE(0, "0.3.2", "keep the guest running while its memory is copied"),
    PEER2PEER(1, "0.7.2", "the source host connects to the destination itself"),
    TUNNELLED(2, "0.7.2", "send the memory through the libvirt connection"),
    PERSIST_DEST(3, "0.7.3", "define the domain on the destination"),
    UNDEFINE_SOURCE(
            4,
            "0.7.3",
            "undefine the domain on the source after success",
            "a defined domain that goes without PERSIST_DEST is defined nowhere afterwards: refused"),
    PAUSED(5, "0.7.5", "leave the guest paused on the destination", "the guest stands still until somebody resumes it"),
    NON_SHARED_DISK(
            6,
            "0.8.2",
            "copy the disks in full",
            "a disk that both hosts share is copied onto itself; the destination needs a file or a pool for each"),
    NON_SHARED_INC(
            7,
            "0.8.2",
            "copy the disks above a shared base image",
            "a disk that both hosts share is copied onto itself; the destination needs the same base image"),
    CHANGE_PROTECTION(8, "0.9.4", "refuse changes to the domain while it migrates"),
    UNSAFE(9, "0.9.11", "migrate even where libvirt fears for the data", "caches may lose what the guest has written"),
    OFFLINE(
            10,
            "1.0.1",
            "copy the definition of a domain that does not run",
            "of a running domain libvirt leaves a second definition on the destination: refused"),
    COMPRESSED(11, "1.0.3", "compress the memory; xbzrle where no method is named"),
    ABORT_ON_ERROR(12, "1.1.0", "abort when the guest hits an I/O error meanwhile"),
    AUTO_CONVERGE(
            13,
            "1.2.3",
            "slow the guest down until the copy keeps up",
            "the guest may get as little as 1 % of its CPUs"),
    RDMA_PIN_ALL(14, "1.2.9", "pin all memory for RDMA", "the host cannot swap the guest's memory any more"),
    POSTCOPY(
            15,
            "1.3.3",
            "allow a later switch to post-copy",
            "after the switch the guest is lost when either host or the link between them fails"),
    TLS(16, "3.2.0", "encrypt the hypervisor's own migration stream"),
    PARALLEL(17, "5.2.0", "use several connections for the memory"),
    NON_SHARED_SYNCHRONOUS_WRITES(18, "8.0.0", "mirror guest writes to copied disks synchronously"),
    POSTCOPY_RESUME(19, "8.5.0", "recover a broken post-copy migration"),
    ZEROCOPY(
            20, "8.5.0", "send without copying", "as much of the guest's memory as is under way is locked on the host");

    private final int bit;
    private final String since;
    private final String summary;
    private final String danger;

    MigrateFlag(int bit, String since, String summary) {
        this(bit, since, summary, "");
    }

    MigrateFlag(int bit, String since, String summary, String danger) {
        this.bit = bit;
        this.since = since;
        this.summary = summary;
        this.danger = danger;
    }

    /** Position in libvirt's mask, 0 for the lowest. */
    public int bit() {
        return bit;
    }

    /** The libvirt version that brought it. */
    public LibvirtVersion since() {
        return LibvirtVersion.parse(since);
    }

    /** What it can cost; empty when nothing. */
    public String danger() {
        return danger;
    }

    public String summary() {
        return summary;
    }

    public static long mask(Collection<MigrateFlag> flags) {
        return flags.stream().mapToLong(flag -> 1L << flag.bit).reduce(0, (a, b) -> a | b);
    }

    /**
     * The flag of that name; {@code VIR_MIGRATE_LIVE}, {@code LIVE} and {@code live} are the same.
     *
     * @throws FailureException {@link FailureCode#INVALID_ARGUMENT} for any other name
     */
    public static MigrateFlag parse(String name) {
        String wanted = name.strip().toUpperCase(Locale.ROOT).replace('-', '_');
        String plain = wanted.startsWith("VIR_MIGRATE_") ? wanted.substring("VIR_MIGRATE_".length()) : wanted;
        return Arrays.stream(values())
                .filter(flag -> flag.name().equals(plain))
                .findFirst()
                .orElseThrow(() -> new FailureException(
                        FailureCode.INVALID_ARGUMENT,
                        "flags: unknown flag '" + name + "'. Known flags: "
                                + Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "))));
    }

    /** {@link #parse(String)} for several names; an absent collection is the caller's business. */
    public static Set<MigrateFlag> parseAll(Collection<String> names) {
        var flags = EnumSet.noneOf(MigrateFlag.class);
        names.forEach(name -> flags.add(parse(name)));
        return flags;
    }
}
