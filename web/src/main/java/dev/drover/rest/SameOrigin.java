package dev.drover.rest;

import dev.drover.model.FailureCode;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;
import java.net.URI;
import java.util.Set;

/**
 * Refuses changes that another site makes a browser ask for: with BASIC the browser would add the operator's
 * credentials by itself. Clients that are no browsers send neither header and are let through.
 */
@Provider
public class SameOrigin implements ContainerRequestFilter {

    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

    @Override
    public void filter(ContainerRequestContext request) {
        if (READING.contains(request.getMethod())) {
            return;
        }
        String site = request.getHeaderString("Sec-Fetch-Site");
        String origin = request.getHeaderString("Origin");
        String host = request.getHeaderString("Host");
        if ((site != null && !OWN_SITE.contains(site)) || (origin != null && !isOwn(origin, host))) {
            request.abortWith(Problems.problem(
                    403,
                    "Another site's request",
                    "origin: changes are taken from Drover's own page only",
                    FailureCode.OPERATION_DENIED));
        }
    }

    private static boolean isOwn(String origin, String host) {
        try {
            return host != null && host.equals(URI.create(origin).getAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
