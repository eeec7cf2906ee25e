package dev.drover.rest;

import dev.drover.audit.Actor;
import dev.drover.audit.Surface;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.SecurityContext;

/** Who makes a request, for the audit trail. */
final class Caller {

    private Caller() {}

    /** The page is REST too; only a browser says from which site it asks. */
    static Actor of(SecurityContext security, HttpHeaders headers) {
        boolean page = headers.getHeaderString("Sec-Fetch-Site") != null;
        return new Actor(security.getUserPrincipal().getName(), page ? Surface.PAGE : Surface.REST);
    }
}
