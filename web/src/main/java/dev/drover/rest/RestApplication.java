package dev.drover.rest;

import jakarta.annotation.security.DeclareRoles;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** The REST surface at {@code /drover/api}; {@code META-INF/openapi.yaml} describes it. */
@ApplicationPath("/api")
@DeclareRoles({"viewer", "operator"})
public class RestApplication extends Application {}
