package dev.drover.hypervisor;

import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParam;
import dev.drover.model.MigrateParams;
import dev.drover.model.ParamValue;
import dev.drover.model.TypedParameter;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Refuses the arguments of a migrate call that a hypervisor does not support or that contradict each other. Pure, and
 * the same for every driver, so that all of them refuse alike and before anything has started.
 */
public final class ArgumentCheck {

    private final MigrationSupport support;

    public ArgumentCheck(MigrationSupport support) {
        this.support = support;
    }

    /** @throws HypervisorException that names the first argument at fault, why, and what to do */
    public void check(Set<MigrateFlag> flags, @Nullable String dname, @Nullable String hostname, MigrateParams params) {
        checkFlags(flags);
        checkName("dname", dname, "leave it out to keep the domain's name");
        checkName("hostname", hostname, "leave it out to have it worked out");
        if (dname != null && !support.can(MigrationSupport.Verb.RENAME)) {
            throw refused(
                    FailureCode.ARGUMENT_UNSUPPORTED,
                    "dname: " + support.hypervisor() + " cannot rename a domain in a migration; leave dname out");
        }
        checkParams(params);
        checkTwice("dname", dname, params, MigrateParam.DESTINATION_NAME);
        checkTwice("hostname", hostname, params, MigrateParam.MIGRATE_URI);
        checkNeeds(flags, params);
    }

    private void checkFlags(Set<MigrateFlag> flags) {
        Set<MigrateFlag> unsupported = new TreeSet<>(flags);
        unsupported.removeAll(support.flags());
        if (!unsupported.isEmpty()) {
            throw refused(
                    FailureCode.INVALID_ARGUMENT,
                    "flags: " + support.hypervisor() + " does not support " + unsupported + "; leave them out");
        }
        if (flags.contains(MigrateFlag.POSTCOPY) && !flags.contains(MigrateFlag.LIVE)) {
            throw refused(FailureCode.ARGUMENT_UNSUPPORTED, "flags: POSTCOPY works only together with LIVE");
        }
        if (flags.contains(MigrateFlag.TUNNELLED) && !flags.contains(MigrateFlag.PEER2PEER)) {
            throw refused(FailureCode.INVALID_ARGUMENT, "flags: TUNNELLED works only together with PEER2PEER");
        }
        if (flags.contains(MigrateFlag.TUNNELLED) && flags.contains(MigrateFlag.PARALLEL)) {
            throw refused(FailureCode.INVALID_ARGUMENT, "flags: TUNNELLED and PARALLEL exclude each other");
        }
    }

    private static void checkName(String argument, @Nullable String value, String wayOut) {
        if (value != null && value.isBlank()) {
            throw refused(FailureCode.INVALID_ARGUMENT, argument + ": must not be empty; " + wayOut);
        }
    }

    private void checkParams(MigrateParams params) {
        Set<String> seen = new HashSet<>();
        for (TypedParameter parameter : params.list()) {
            MigrateParam param = MigrateParam.ofKey(parameter.name())
                    .orElseThrow(() -> refused(
                            FailureCode.NO_SUPPORT,
                            "params: " + support.hypervisor() + " has no parameter '" + parameter.name()
                                    + "'; leave it out"));
            if (!support.params().contains(param)) {
                // a parameter of another hypervisor is one this one does not understand: the seed's NO_SUPPORT
                throw refused(
                        param.key().startsWith("XEN_") ? FailureCode.NO_SUPPORT : FailureCode.ARGUMENT_UNSUPPORTED,
                        "params: " + support.hypervisor() + " does not support '" + param.key() + "'; leave it out");
            }
            checkType(param, parameter.value());
            if (!seen.add(param.key()) && !param.repeatable()) {
                throw refused(FailureCode.INVALID_ARGUMENT, "params: '" + param.key() + "' may stand only once");
            }
            if (parameter.value() instanceof ParamValue.StringValue text
                    && text.value().isBlank()) {
                throw refused(
                        FailureCode.INVALID_ARGUMENT,
                        "params: '" + param.key() + "' must not be empty; leave it out instead");
            }
        }
        params.number(MigrateParam.XEN_PORT).ifPresent(port -> {
            if (port < 1 || port > 65535) {
                throw refused(
                        FailureCode.INVALID_ARGUMENT,
                        "params: 'XEN_PORT' = " + port + " is no port; it must be 1..65535");
            }
        });
        params.number(MigrateParam.XEN_RESOURCE).ifPresent(megabits -> {
            if (megabits < 0) {
                throw refused(
                        FailureCode.INVALID_ARGUMENT,
                        "params: 'XEN_RESOURCE' = " + megabits + " must be Mbit/s, 0 or more");
            }
        });
    }

    private static void checkType(MigrateParam param, ParamValue value) {
        boolean fits =
                switch (param.type()) {
                    case STRING -> value instanceof ParamValue.StringValue;
                    case INT -> value instanceof ParamValue.IntValue;
                    case LONG -> value instanceof ParamValue.LongValue;
                    case ULLONG -> value instanceof ParamValue.ULongValue;
                };
        if (!fits) {
            throw refused(
                    FailureCode.INVALID_ARGUMENT,
                    "params: '" + param.key() + "' must be of type "
                            + param.type().word() + ", but is " + value.typeName());
        }
    }

    private static void checkTwice(String argument, @Nullable String value, MigrateParams params, MigrateParam param) {
        if (value != null && params.string(param).isPresent()) {
            throw refused(
                    FailureCode.INVALID_ARGUMENT,
                    argument + ": given both as " + argument + " and as parameter '" + param.key() + "'; give one");
        }
    }

    private static void checkNeeds(Set<MigrateFlag> flags, MigrateParams params) {
        need(flags, params, MigrateParam.COMPRESSION, MigrateFlag.COMPRESSED);
        need(flags, params, MigrateParam.PERSISTENT_XML, MigrateFlag.PERSIST_DEST);
        need(flags, params, MigrateParam.PARALLEL_CONNECTIONS, MigrateFlag.PARALLEL);
        need(flags, params, MigrateParam.AUTO_CONVERGE_INITIAL, MigrateFlag.AUTO_CONVERGE);
        need(flags, params, MigrateParam.AUTO_CONVERGE_INCREMENT, MigrateFlag.AUTO_CONVERGE);
        need(flags, params, MigrateParam.BANDWIDTH_POSTCOPY, MigrateFlag.POSTCOPY);
        need(flags, params, MigrateParam.TLS_DESTINATION, MigrateFlag.TLS);
    }

    // libvirt ignores some of these in silence (LIBVIRT.md); an argument that has no effect is a surprise
    private static void need(Set<MigrateFlag> flags, MigrateParams params, MigrateParam param, MigrateFlag flag) {
        if (params.string(param).isPresent() && !flags.contains(flag)) {
            throw refused(
                    FailureCode.INVALID_ARGUMENT,
                    "params: '" + param.key() + "' has no effect without the flag " + flag + "; add the flag or leave "
                            + "the parameter out");
        }
    }

    private static HypervisorException refused(FailureCode code, String message) {
        return new HypervisorException(code, message);
    }
}
