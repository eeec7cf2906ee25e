package dev.drover.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.drover.driver.libvirt.Support;
import dev.drover.driver.simulated.SimulatedDriver;
import dev.drover.driver.simulated.SimulatedFleet;
import dev.drover.driver.simulated.SimulatedHost;
import dev.drover.hypervisor.ConnectOptions;
import dev.drover.hypervisor.ManagedPostCopy;
import dev.drover.hypervisor.MigrationSupport;
import dev.drover.hypervisor.MigrationSupport.Verb;
import dev.drover.model.ConnectUri;
import dev.drover.model.FlagRule;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParam;
import dev.drover.model.ParamCondition;
import dev.drover.time.VirtualTimers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code MIGRATION_PARAMETERS.md} is what the tables in the code say, to the letter. */
class MigrationParametersTest {

    private static final Path DOCUMENT = Path.of("../src/docs/MIGRATION_PARAMETERS.md");
    private static final String REWRITE = "docs.rewrite";

    private final List<MigrationSupport> hypervisors = List.of(
            Support.of("QEMU", 9_000_000, true),
            Support.of("QEMU", 12_002_000, true),
            Support.of("Xen", 9_000_000),
            Support.of("vz", 9_000_000),
            new SimulatedDriver(
                            new SimulatedFleet(
                                    new VirtualTimers(Instant.EPOCH),
                                    List.of(new SimulatedHost("h1", 1, 1, 1)),
                                    List.of()),
                            ManagedPostCopy.HELD)
                    .open(ConnectUri.parse("sim://h1"), ConnectOptions.defaults())
                    .migrationSupport());

    @Test
    void documentSaysWhatTheTablesSay() throws IOException {
        List<String> lines = document();
        if (Boolean.getBoolean(REWRITE)) {
            Files.write(DOCUMENT, lines);
        }
        List<String> written = Files.readAllLines(DOCUMENT);
        String way = "write it anew: mvn -pl ejb test -Dtest=MigrationParametersTest -DargLine=-D" + REWRITE + "=true";
        for (int i = 0; i < Math.min(lines.size(), written.size()); i++) {
            assertEquals(lines.get(i), written.get(i), way);
        }
        assertEquals(lines.size(), written.size(), way);
    }

    private List<String> document() {
        List<String> lines = new ArrayList<>(List.of(
                "# What a migrate call may say",
                "",
                "Written from the tables in the code (`MigrateFlag`, `FlagRule`, `MigrateParam`, `Support`); a test compares",
                "them. `GET hosts/{name}/migration-support` tells the same of one host. Codes are libvirt's: 8 invalid, 74 not",
                "supported by this hypervisor, 3 not known to it, 55 not in this state, 82 too big.",
                "",
                "## Flags",
                "",
                "| bit | flag | since | what it does | beside others | beware |",
                "|---|---|---|---|---|---|"));
        Arrays.stream(MigrateFlag.values())
                .map(flag -> row(
                        "" + flag.bit(), flag.name(), "" + flag.since(), flag.summary(), rules(flag), flag.danger()))
                .forEach(lines::add);
        lines.addAll(List.of(
                "",
                "## Params",
                "",
                "A name with … may stand several times (in JSON a list).",
                "",
                "| name | type | unit | since | what it says | value and company |",
                "|---|---|---|---|---|---|"));
        Arrays.stream(MigrateParam.values())
                .map(param -> row(
                        param.key() + (param.repeatable() ? " …" : ""),
                        param.type().word(),
                        param.unit(),
                        param.isOfTheProposal() ? "the proposal" : "" + param.since(),
                        param.summary(),
                        param.conditions().stream().map(ParamCondition::words).collect(Collectors.joining("; "))))
                .forEach(lines::add);
        lines.addAll(List.of(
                "",
                "## Who takes what",
                "",
                row("", labels()),
                row("---", hypervisors.stream().map(each -> "---").toList())));
        Arrays.stream(MigrateFlag.values())
                .map(flag -> row(flag.name(), marks(each -> each.flags().contains(flag))))
                .forEach(lines::add);
        Arrays.stream(MigrateParam.values())
                .map(param -> row(param.key(), marks(each -> each.params().contains(param))))
                .forEach(lines::add);
        Arrays.stream(Verb.values())
                .map(verb -> row(verb + ": " + verb.summary(), marks(each -> each.can(verb))))
                .forEach(lines::add);
        lines.add(row("compression", texts(each -> String.join(", ", each.compressions()))));
        lines.add(row("schemes of migrate_uri", texts(each -> String.join(", ", each.dataSchemes()))));
        lines.add(
                row("modes", texts(each -> each.modes().stream().map(Enum::name).collect(Collectors.joining(", ")))));
        lines.addAll(List.of(
                "",
                "Any other hypervisor that libvirt drives (test, bhyve, lxc, openvz, esx, …) takes nothing: it cannot be",
                "migrated by a remote client."));
        return lines;
    }

    private List<String> labels() {
        return texts(each -> each.label());
    }

    private List<String> marks(Predicate<MigrationSupport> has) {
        return texts(each -> has.test(each) ? "yes" : "");
    }

    private List<String> texts(java.util.function.Function<MigrationSupport, String> text) {
        return hypervisors.stream().map(text).toList();
    }

    private static String rules(MigrateFlag flag) {
        return FlagRule.ALL.stream()
                .filter(rule -> rule.flag() == flag)
                .map(rule -> rule.words() + " (" + rule.code().number() + ")")
                .collect(Collectors.joining("; "));
    }

    private static String row(String first, List<String> others) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(others);
        return row(all.toArray(String[]::new));
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |";
    }
}
