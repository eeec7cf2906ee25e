package dev.drover.rest;

import dev.drover.evacuation.FleetView;
import dev.drover.fleet.HostRegistry;
import dev.drover.migration.MigrationService;
import dev.drover.model.ConnectUri;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.model.Host;
import dev.drover.model.HostSnapshot;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;

/** The hosts and what is on them. */
@Path("hosts")
@Produces(MediaType.APPLICATION_JSON)
@RequestScoped
@NullUnmarked
public class HostsResource {

    @Inject
    private HostRegistry registry;

    @Inject
    private FleetView fleet;

    @Inject
    private MigrationService migrations;

    @Context
    private UriInfo uriInfo;

    @GET
    @RolesAllowed({"viewer", "operator"})
    public String hosts() {
        return Views.list(fleet.hosts(), Views::host).toString();
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed("operator")
    public Response register(String text) {
        Body body = Body.parse(text, Set.of("name", "uri"));
        String name = body.string("name");
        String uri = body.string("uri");
        if (name == null || uri == null) {
            throw new FailureException(FailureCode.INVALID_ARGUMENT, (name == null ? "name" : "uri") + ": is missing");
        }
        Host host = registry.register(new Host(name, ConnectUri.parse(uri)));
        return Response.created(
                        uriInfo.getAbsolutePathBuilder().path(host.name()).build())
                .entity(Views.host(fleet.host(host.name())).toString())
                .build();
    }

    @DELETE
    @Path("{name}")
    @RolesAllowed("operator")
    public Response remove(@PathParam("name") String name) {
        registry.host(name);
        if (migrations.uses(name)) {
            throw new FailureException(
                    FailureCode.HOST_IN_USE,
                    "host: migrations from or to " + name + " are under way; wait for them or cancel them first");
        }
        registry.remove(name);
        return Response.noContent().build();
    }

    @GET
    @Path("{name}/domains")
    @RolesAllowed({"viewer", "operator"})
    public String domains(@PathParam("name") String name) {
        HostSnapshot host = fleet.host(name);
        if (!host.isReachable()) {
            throw new FailureException(host.problem().orElseThrow());
        }
        return Views.list(host.domains(), domain -> Views.domain(domain, name)).toString();
    }

    /** What a migration away from that host may say, and what can be asked of it. */
    @GET
    @Path("{name}/migration-support")
    @RolesAllowed({"viewer", "operator"})
    public String migrationSupport(@PathParam("name") String name) {
        return Views.support(fleet.migrationSupport(name)).toString();
    }
}
