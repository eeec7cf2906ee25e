package dev.drover.rest;

import dev.drover.audit.Actor;
import dev.drover.evacuation.Alerts;
import dev.drover.evacuation.Evacuation;
import dev.drover.evacuation.EvacuationRequests;
import dev.drover.evacuation.EvacuationService;
import dev.drover.evacuation.EvacuationVerbs;
import dev.drover.evacuation.Preparation;
import dev.drover.hypervisor.JobStats;
import dev.drover.migration.Migration;
import dev.drover.migration.MigrationService;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.planner.PlanRequest;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.NullUnmarked;

/** Plans and evacuations. */
@Path("")
@Produces(MediaType.APPLICATION_JSON)
@RequestScoped
@NullUnmarked
public class EvacuationsResource {

    private static final Set<String> REQUEST = Set.of("host", "targets", "policy", "deadline");
    private static final Set<String> REQUEST_OR_PLAN = Set.of("host", "targets", "policy", "deadline", "plan");

    @Inject
    private Preparation preparation;

    @Inject
    private EvacuationService evacuations;

    @Inject
    private EvacuationVerbs verbs;

    @Inject
    private MigrationService migrations;

    @Inject
    private Clock clock;

    @Context
    private UriInfo uriInfo;

    @Inject
    private Alerts alerts;

    @Context
    private SecurityContext security;

    @Context
    private HttpHeaders headers;

    @POST
    @Path("plans")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed({"viewer", "operator"})
    public String plan(String text) {
        return Views.plan(preparation.plan(request(Body.parse(text, REQUEST)))).toString();
    }

    @POST
    @Path("evacuations")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed("operator")
    public Response start(String text) {
        Body body = Body.parse(text, REQUEST_OR_PLAN);
        if (!body.has("plan")) {
            return accepted(verbs.start(request(body), caller()));
        }
        if (body.has("host") || body.has("targets") || body.has("policy") || body.has("deadline")) {
            throw new FailureException(
                    FailureCode.INVALID_ARGUMENT,
                    "plan: says all that host, targets, policy and deadline say; give one");
        }
        return accepted(verbs.start(Ids.parse("plan", body.string("plan")), caller()));
    }

    private static PlanRequest request(Body body) {
        return EvacuationRequests.of(
                body.string("host"), body.strings("targets"), body.string("policy"), body.string("deadline"));
    }

    @GET
    @Path("evacuations")
    @RolesAllowed({"viewer", "operator"})
    public String list() {
        return Views.list(evacuations.evacuations(), this::view).toString();
    }

    @GET
    @Path("evacuations/{id}")
    @RolesAllowed({"viewer", "operator"})
    public String get(@PathParam("id") String id) {
        return view(evacuations.evacuation(id(id))).toString();
    }

    @POST
    @Path("evacuations/{id}/pause")
    @RolesAllowed("operator")
    public Response pause(@PathParam("id") String id) {
        return accepted(verbs.pause(id(id), caller()));
    }

    @POST
    @Path("evacuations/{id}/resume")
    @RolesAllowed("operator")
    public Response resume(@PathParam("id") String id) {
        return accepted(verbs.resume(id(id), caller()));
    }

    @POST
    @Path("evacuations/{id}/cancel")
    @RolesAllowed("operator")
    public Response cancel(@PathParam("id") String id) {
        return accepted(verbs.cancel(id(id), caller()));
    }

    @POST
    @Path("evacuations/{id}/return")
    @RolesAllowed("operator")
    public Response giveBack(@PathParam("id") String id) {
        return accepted(verbs.giveBack(id(id), caller()));
    }

    @POST
    @Path("evacuations/{id}/force-close")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed("operator")
    public Response forceClose(@PathParam("id") String id, String text) {
        return accepted(
                verbs.forceClose(id(id), Body.parse(text, Set.of("reason")).string("reason"), caller()));
    }

    @GET
    @Path("evacuations/{id}/audit")
    @RolesAllowed({"viewer", "operator"})
    public String audit(@PathParam("id") String id) {
        return Views.list(evacuations.audit(id(id)), Views::entry).toString();
    }

    @GET
    @Path("alerts")
    @RolesAllowed({"viewer", "operator"})
    public String alerts() {
        return Views.list(alerts.list(), Views::alert).toString();
    }

    private static UUID id(String text) {
        return Ids.parse("evacuation", text);
    }

    private Actor caller() {
        return Caller.of(security, headers);
    }

    private Response accepted(Evacuation evacuation) {
        return Response.accepted(view(evacuation).toString())
                .location(uriInfo.getBaseUriBuilder()
                        .path("evacuations")
                        .path(evacuation.id().toString())
                        .build())
                .build();
    }

    private JsonObject view(Evacuation evacuation) {
        List<Migration> rows = evacuations.migrations(evacuation.id());
        double progress = evacuation.state().isFinal() ? 1 : evacuations.progress(rows);
        return Views.evacuation(evacuation, progress, rows, row -> Views.migration(row, stats(row), clock.instant()));
    }

    private JobStats stats(Migration migration) {
        return migrations.progress(migration.id()).orElse(JobStats.none());
    }
}
