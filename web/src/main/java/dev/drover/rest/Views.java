package dev.drover.rest;

import dev.drover.audit.AuditEntry;
import dev.drover.evacuation.Alert;
import dev.drover.evacuation.Evacuation;
import dev.drover.evacuation.Transition;
import dev.drover.hypervisor.JobStats;
import dev.drover.hypervisor.MigrationSupport;
import dev.drover.migration.Migration;
import dev.drover.model.Domain;
import dev.drover.model.Failure;
import dev.drover.model.HostSnapshot;
import dev.drover.model.MigrateParam;
import dev.drover.model.NodeInfo;
import dev.drover.planner.Decision;
import dev.drover.planner.EvacuationPlan;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The JSON shapes of the public contract, one function each. What does not apply is left out. */
final class Views {

    private Views() {}

    static <T> JsonArray list(List<T> values, Function<T, JsonObject> view) {
        JsonArrayBuilder array = Json.createArrayBuilder();
        values.forEach(value -> array.add(view.apply(value)));
        return array.build();
    }

    static JsonObject host(HostSnapshot host) {
        JsonObjectBuilder view = Json.createObjectBuilder()
                .add("name", host.host().name())
                .add("uri", host.host().uri().toString())
                .add("hypervisor", host.host().uri().driver())
                .add("state", host.state().name())
                .add("domains", host.activeDomains().size())
                .add("memoryMiB", host.node().map(NodeInfo::memoryMiB).orElse(0L))
                .add("freeMemoryMiB", host.node().map(NodeInfo::freeMemoryMiB).orElse(0L));
        host.problem().ifPresent(problem -> view.add("problem", reason(problem)));
        return view.build();
    }

    static JsonObject domain(Domain domain, String host) {
        return Json.createObjectBuilder()
                .add("name", domain.name())
                .add("uuid", domain.uuid().toString())
                .add("state", domain.status().state().name())
                .add("memoryMiB", domain.memoryMiB())
                .add("vcpus", domain.vcpus())
                .add("host", host)
                .build();
    }

    static JsonObject support(MigrationSupport support) {
        JsonObjectBuilder view = Json.createObjectBuilder().add("hypervisor", support.hypervisor());
        add(view, "libvirt", support.version().orElse(null));
        return view.add("flags", texts(support.flags()))
                .add(
                        "params",
                        texts(support.params().stream().map(MigrateParam::key).toList()))
                .add("compressions", texts(support.compressions()))
                .add("dataSchemes", texts(support.dataSchemes()))
                .add("modes", texts(support.modes()))
                .add("verbs", texts(support.verbs()))
                .add("limits", texts(support.limits()))
                .build();
    }

    private static JsonArray texts(Collection<?> values) {
        JsonArrayBuilder array = Json.createArrayBuilder();
        values.forEach(value -> array.add(value.toString()));
        return array.build();
    }

    static JsonObject plan(EvacuationPlan plan) {
        return Json.createObjectBuilder()
                .add("id", plan.id().toString())
                .add("host", plan.request().host())
                .add("moves", list(plan.moves(), move -> Json.createObjectBuilder()
                        .add("domain", move.domain().name())
                        .add("uuid", move.domain().uuid().toString())
                        .add("destination", move.destination())
                        .add("memoryMiB", move.domain().memoryMiB())
                        .build()))
                .add("blocked", list(plan.blocked(), Views::blocked))
                .add("limits", list(plan.limits().stream().sorted().toList(), limit -> Json.createObjectBuilder()
                        .add("limit", limit.name())
                        .add("message", limit.meaning())
                        .build()))
                .build();
    }

    private static JsonObject blocked(Decision.Blocked blocked) {
        return Json.createObjectBuilder()
                .add("domain", blocked.domain().name())
                .add("uuid", blocked.domain().uuid().toString())
                .add("reasons", list(blocked.reasons(), reason -> Json.createObjectBuilder()
                        .add("target", reason.target())
                        .add("code", reason.failure().number())
                        .add("kind", reason.failure().kind().name())
                        .add("failure", reason.failure().code().name())
                        .add("message", reason.failure().message())
                        .build()))
                .build();
    }

    static JsonObject evacuation(
            Evacuation evacuation, double progress, List<Migration> migrations, Function<Migration, JsonObject> view) {
        JsonObjectBuilder object = Json.createObjectBuilder()
                .add("id", evacuation.id().toString())
                .add("kind", evacuation.kind().name())
                .add("host", evacuation.host())
                .add("state", evacuation.state().name())
                .add("progress", progress)
                .add("origin", evacuation.origin())
                .add("createdAt", evacuation.createdAt().toString());
        add(object, "finishedAt", evacuation.finishedAt());
        add(object, "deadline", evacuation.deadline());
        addReason(object, evacuation.failure());
        return object.add("migrations", list(migrations, view)).build();
    }

    static JsonObject migration(Migration migration, JobStats stats, Instant now) {
        JsonObjectBuilder object = Json.createObjectBuilder()
                .add("id", migration.id().toString())
                .add("domain", migration.domainName())
                .add("uuid", migration.domain().toString())
                .add("source", migration.route().source());
        add(object, "destination", migration.route().destination());
        object.add("state", migration.state().name());
        addReason(object, migration.failure());
        boolean ended = migration.state().isFinal();
        object.add("bytes", ended ? migration.bytes() : stats.dataProcessed())
                .add("durationMs", migration.duration(now).toMillis())
                .add("downtimeMs", migration.downtimeMs())
                .add("memoryMiB", migration.memoryMiB())
                .add("progress", dev.drover.evacuation.Progress.of(migration, stats));
        add(object, "newName", migration.newName());
        return object.build();
    }

    static JsonObject transition(Transition transition) {
        JsonObjectBuilder object = Json.createObjectBuilder()
                .add("id", transition.id())
                .add("at", transition.at().toString())
                .add("type", transition.type().name());
        add(object, "evacuation", transition.evacuation());
        add(object, "migration", transition.migration());
        add(object, "host", transition.host());
        add(object, "domain", transition.domain());
        add(object, "from", transition.from());
        object.add("to", transition.to());
        Double progress = transition.progress();
        if (progress != null) {
            object.add("progress", progress);
        }
        addReason(object, transition.reason());
        return object.build();
    }

    static JsonObject entry(AuditEntry entry) {
        JsonObjectBuilder object = Json.createObjectBuilder()
                .add("number", entry.number())
                .add("at", entry.at().toString())
                .add("who", entry.by().name())
                .add("surface", entry.by().surface().name());
        add(object, "evacuation", entry.evacuation());
        add(object, "migration", entry.migration());
        object.add("what", entry.what());
        add(object, "from", entry.from());
        object.add("to", entry.to());
        return object.add("detail", entry.detail()).build();
    }

    static JsonObject alert(Alert alert) {
        JsonObjectBuilder object = Json.createObjectBuilder();
        add(object, "evacuation", alert.evacuation());
        add(object, "migration", alert.migration());
        add(object, "host", alert.host());
        add(object, "domain", alert.domain());
        return object.add("reason", reason(alert.reason()))
                .add("remedy", alert.remedy())
                .add("since", alert.since().toString())
                .add("told", alert.told().toString())
                .add("times", alert.times())
                .add("acknowledgeable", alert.acknowledgeable())
                .build();
    }

    private static JsonObject reason(Failure failure) {
        return Json.createObjectBuilder()
                .add("code", failure.number())
                .add("kind", failure.kind().name())
                .add("failure", failure.code().name())
                .add("message", failure.message())
                .build();
    }

    private static void addReason(JsonObjectBuilder object, @Nullable Failure failure) {
        if (failure != null) {
            object.add("reason", reason(failure));
        }
    }

    private static void add(JsonObjectBuilder object, String name, @Nullable Object value) {
        if (value != null) {
            object.add(name, value.toString());
        }
    }
}
