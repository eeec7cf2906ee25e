package dev.drover.hypervisor;

import dev.drover.model.FailureCode;
import dev.drover.model.LibvirtVersion;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParam;
import dev.drover.model.MigrationLimit;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a hypervisor can do in a migration, so that a plan can say it and a request be refused before it starts. Each
 * driver's answer is a row of its own table; the contract's cases differ only where this differs.
 *
 * @param hypervisor its name in messages, e.g. {@code QEMU}
 * @param version of libvirt that speaks for it, where one does
 * @param flags flags it takes
 * @param params parameters it takes
 * @param compressions methods it takes as {@link MigrateParam#COMPRESSION}
 * @param dataSchemes schemes it takes in {@link MigrateParam#MIGRATE_URI}
 * @param modes who may drive the migration
 * @param verbs what else can be asked of it
 */
public record MigrationSupport(
        String hypervisor,
        Optional<LibvirtVersion> version,
        Set<MigrateFlag> flags,
        Set<MigrateParam> params,
        Set<String> compressions,
        Set<String> dataSchemes,
        Set<MigrationMode> modes,
        Set<Verb> verbs) {

    /** What can be asked of a migration beside its flags and parameters. */
    public enum Verb {
        ABORT("call it off; the guest goes on where it is"),
        SET_MAX_SPEED("limit the copy while it runs"),
        SET_MAX_DOWNTIME("say how long the guest may stand still at the end"),
        START_POST_COPY("run the guest on the destination before its memory is there"),
        POST_COPY_RECOVERY("go on with a post-copy whose connection broke"),
        PROGRESS("tell how much has been sent and how much is left"),
        COMPLETED_STATS("tell the final figures"),
        RENAME("give the domain another name on the destination"),
        BANDWIDTH("limit the copy from its beginning"),
        OFFLINE("copy the definition of a domain that does not run"),
        COMPRESSION_CACHE("read and set the size of the xbzrle cache"),
        DIRTY_RATE("measure how fast the guest changes its memory"),
        MOVE_PAUSED("move a guest that its user has paused"),
        DATA_OVER_IPV6("send to an address of IPv6"),
        END_WITH_CLIENT("call a managed migration off when the client that drives it is gone"),
        HELD_POST_COPY("bring a managed post-copy to its end when its client is gone, where the operator has set that");

        private final String summary;

        Verb(String summary) {
            this.summary = summary;
        }

        public String summary() {
            return summary;
        }
    }

    public MigrationSupport {
        flags = sorted(MigrateFlag.class, flags);
        params = sorted(MigrateParam.class, params);
        compressions = Collections.unmodifiableSet(new TreeSet<>(compressions));
        dataSchemes = Collections.unmodifiableSet(new TreeSet<>(dataSchemes));
        modes = sorted(MigrationMode.class, modes);
        verbs = sorted(Verb.class, verbs);
    }

    /** A hypervisor that cannot migrate at all. */
    public static MigrationSupport none(String hypervisor, Optional<LibvirtVersion> version) {
        return new MigrationSupport(hypervisor, version, Set.of(), Set.of(), Set.of(), Set.of(), Set.of(), Set.of());
    }

    public boolean can(Verb verb) {
        return verbs.contains(verb);
    }

    /**
     * Refuses a verb that is missing here, as a missing flag is refused.
     *
     * @throws HypervisorException {@code NO_SUPPORT}
     */
    public void require(Verb verb) {
        if (!can(verb)) {
            throw new HypervisorException(
                    FailureCode.NO_SUPPORT,
                    "verb: " + label() + " does not support " + verb + ", to " + verb.summary()
                            + "; do without. It supports " + verbs);
        }
    }

    /** For messages: the hypervisor and the version that speaks for it. */
    public String label() {
        return hypervisor + version.map(v -> " (libvirt " + v + ")").orElse("");
    }

    /** Why something is missing, when that is because the daemon is older; to be put behind what is missing. */
    String tooNew(LibvirtVersion since) {
        return version.filter(v -> !v.isAtLeast(since))
                .map(v -> ", which came with libvirt " + since)
                .orElse("");
    }

    // in the tables' order, whoever reads it
    private static <E extends Enum<E>> Set<E> sorted(Class<E> type, Set<E> values) {
        Set<E> copy = EnumSet.noneOf(type);
        copy.addAll(values);
        return Collections.unmodifiableSet(copy);
    }

    /** What nobody can do to a migration of this hypervisor. */
    public Set<MigrationLimit> limits() {
        Set<MigrationLimit> limits = EnumSet.noneOf(MigrationLimit.class);
        if (!verbs.contains(Verb.ABORT)) {
            limits.add(MigrationLimit.NO_ABORT);
        }
        if (!verbs.contains(Verb.SET_MAX_SPEED) && !params.contains(MigrateParam.BANDWIDTH)) {
            limits.add(MigrationLimit.NO_THROTTLE);
        }
        if (!verbs.contains(Verb.PROGRESS)) {
            limits.add(MigrationLimit.NO_PROGRESS);
        }
        return limits;
    }
}
