package dev.drover.rest;

import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.json.Json;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import org.jspecify.annotations.NullUnmarked;

/** Who asks, so that a page offers only what would not be refused. */
@Path("user")
@Produces(MediaType.APPLICATION_JSON)
@RequestScoped
@NullUnmarked
public class UserResource {

    @Context
    private SecurityContext security;

    @GET
    @RolesAllowed({"viewer", "operator"})
    public String user() {
        return Json.createObjectBuilder()
                .add("name", security.getUserPrincipal().getName())
                .add("role", security.isUserInRole("operator") ? "operator" : "viewer")
                .build()
                .toString();
    }
}
