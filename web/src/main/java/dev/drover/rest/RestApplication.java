package dev.drover.rest;

import jakarta.annotation.security.DeclareRoles;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.info.Info;

/** The REST surface at {@code /drover/api}. */
@ApplicationPath("/api")
@DeclareRoles({"viewer", "operator"})
@OpenAPIDefinition(
        info = @Info(title = "Drover", version = "0.1.0", description = "Empties hosts of their running domains."))
public class RestApplication extends Application {}
