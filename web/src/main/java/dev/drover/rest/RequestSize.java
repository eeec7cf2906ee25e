package dev.drover.rest;

import dev.drover.model.FailureCode;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Refuses bodies that no request of the contract could need, whether they announce their length or not. */
@Provider
@PreMatching
public class RequestSize implements ContainerRequestFilter {

    static final int MAX = 1024 * 1024;

    @Override
    public void filter(ContainerRequestContext request) throws IOException {
        if (request.getLength() > MAX) {
            request.abortWith(tooLarge());
            return;
        }
        if (!request.hasEntity()) {
            return;
        }
        byte[] body;
        try {
            body = request.getEntityStream().readNBytes(MAX + 1);
        } catch (IOException e) {
            throw new WebApplicationException("body: could not be read", e, Response.Status.BAD_REQUEST);
        }
        if (body.length > MAX) {
            request.abortWith(tooLarge());
            return;
        }
        request.setEntityStream(new ByteArrayInputStream(body));
    }

    private static Response tooLarge() {
        return Problems.problem(
                413,
                "Content too large",
                "body: is larger than " + MAX + " bytes; no request needs that",
                FailureCode.INVALID_ARGUMENT);
    }
}
