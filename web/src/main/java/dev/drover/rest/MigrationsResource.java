package dev.drover.rest;

import dev.drover.audit.Actor;
import dev.drover.audit.AuditTrail;
import dev.drover.hypervisor.JobStats;
import dev.drover.hypervisor.MigrationMode;
import dev.drover.migration.MigrateArguments;
import dev.drover.migration.Migration;
import dev.drover.migration.MigrationRequests;
import dev.drover.migration.MigrationService;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParams;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
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
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;

/** The migrate call for one domain. */
@Path("migrations")
@Produces(MediaType.APPLICATION_JSON)
@RequestScoped
@NullUnmarked
public class MigrationsResource {

    private static final Set<String> REQUEST =
            Set.of("source", "domain", "destination", "flags", "dname", "hostname", "params", "mode");

    private static final String SPEED = "mebibytesPerSecond";
    private static final String DOWNTIME = "milliseconds";

    @Inject
    private MigrationRequests requests;

    @Inject
    private MigrationService migrations;

    @Inject
    private Clock clock;

    @Inject
    private AuditTrail audit;

    @Context
    private UriInfo uriInfo;

    @Context
    private SecurityContext security;

    @Context
    private HttpHeaders headers;

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed("operator")
    public Response start(String text) {
        Body body = Body.parse(text, REQUEST);
        Set<MigrateFlag> flags =
                body.has("flags") ? MigrateFlag.parseAll(body.strings("flags")) : Set.of(MigrateFlag.LIVE);
        var arguments = new MigrateArguments(
                flags,
                body.string("dname"),
                body.string("hostname"),
                MigrateParams.ofValues(body.values("params")),
                MigrationMode.ofText("mode", body.string("mode")).orElse(null));
        Migration migration = requests.start(
                body.string("source"), body.string("domain"), body.string("destination"), arguments, caller());
        return Response.accepted(view(migration).toString())
                .location(uriInfo.getAbsolutePathBuilder()
                        .path(migration.id().toString())
                        .build())
                .build();
    }

    @GET
    @RolesAllowed({"viewer", "operator"})
    public String singles() {
        return Views.list(requests.singles(), this::view).toString();
    }

    @GET
    @Path("{id}")
    @RolesAllowed({"viewer", "operator"})
    public String get(@PathParam("id") String id) {
        return view(requests.migration(Ids.parse("migration", id))).toString();
    }

    @GET
    @Path("{id}/audit")
    @RolesAllowed({"viewer", "operator"})
    public String audit(@PathParam("id") String id) {
        Migration known = requests.migration(Ids.parse("migration", id));
        return Views.list(audit.ofMigration(known.id()), Views::entry).toString();
    }

    @DELETE
    @Path("{id}")
    @RolesAllowed("operator")
    public Response abort(@PathParam("id") String id) {
        return Response.accepted(view(requests.abort(Ids.parse("migration", id), caller()))
                        .toString())
                .build();
    }

    /** Says that somebody has seen to it: {@code {"reason": "started again on h2"}}. */
    @POST
    @Path("{id}/acknowledge")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed("operator")
    public String acknowledge(@PathParam("id") String id, String text) {
        String reason = Body.parse(text, Set.of("reason")).string("reason");
        return view(requests.acknowledge(Ids.parse("migration", id), reason, caller()))
                .toString();
    }

    /** Lets the guest run on the destination before its memory is there; it must have been started with POSTCOPY. */
    @POST
    @Path("{id}/post-copy")
    @RolesAllowed("operator")
    public Response startPostCopy(@PathParam("id") String id) {
        return Response.accepted(view(requests.startPostCopy(Ids.parse("migration", id), caller()))
                        .toString())
                .build();
    }

    /** Limits the copy from now on: {@code {"mebibytesPerSecond": 100}}. */
    @POST
    @Path("{id}/speed")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed("operator")
    public Response limitSpeed(@PathParam("id") String id, String text) {
        long speed = Body.parse(text, Set.of(SPEED)).whole(SPEED);
        return Response.accepted(view(requests.limitSpeed(Ids.parse("migration", id), speed, caller()))
                        .toString())
                .build();
    }

    /** Says how long the guest may stand still at the end: {@code {"milliseconds": 300}}. */
    @POST
    @Path("{id}/downtime")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed("operator")
    public Response limitDowntime(@PathParam("id") String id, String text) {
        Duration most = Duration.ofMillis(Body.parse(text, Set.of(DOWNTIME)).whole(DOWNTIME));
        return Response.accepted(view(requests.limitDowntime(Ids.parse("migration", id), most, caller()))
                        .toString())
                .build();
    }

    private Actor caller() {
        return Caller.of(security, headers);
    }

    private JsonObject view(Migration migration) {
        JobStats stats = migrations.progress(migration.id()).orElse(JobStats.none());
        return Views.migration(migration, stats, clock.instant());
    }
}
