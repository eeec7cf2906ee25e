package dev.drover.rest;

import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import jakarta.json.Json;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.lang.System.Logger.Level;

/** Every error of the API as a problem document (RFC 9457); the only place where a failure gets its HTTP status. */
@Provider
public class Problems implements ExceptionMapper<Throwable> {

    private static final System.Logger LOG = System.getLogger(Problems.class.getName());

    @Override
    public Response toResponse(Throwable thrown) {
        if (thrown instanceof WebApplicationException web) {
            int status = web.getResponse().getStatus();
            Response.StatusType type = web.getResponse().getStatusInfo();
            return problem(
                    status, type.getReasonPhrase(), String.valueOf(web.getMessage()), FailureCode.INVALID_ARGUMENT);
        }
        Failure failure = FailureException.failureOf(thrown);
        if (failure.code() == FailureCode.INTERNAL) {
            LOG.log(Level.ERROR, "a request failed", thrown);
        }
        int status = status(failure.code());
        return document(status, title(failure.code()), failure.message(), failure.number(), failure.code());
    }

    static Response problem(int status, String title, String detail, FailureCode code) {
        return document(status, title, detail, code.number(), code);
    }

    private static Response document(int status, String title, String detail, int number, FailureCode code) {
        var document = Json.createObjectBuilder()
                .add("status", status)
                .add("title", title)
                .add("detail", detail)
                .add("code", number)
                .add("kind", code.kind().name())
                .add("failure", code.name())
                .build();
        return Response.status(status)
                .type("application/problem+json")
                .entity(document.toString())
                .build();
    }

    private static String title(FailureCode code) {
        String words = code.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    private static int status(FailureCode code) {
        return switch (code) {
            case UNKNOWN_HOST, UNKNOWN_PLAN, UNKNOWN_EVACUATION, UNKNOWN_MIGRATION, NO_DOMAIN -> 404;
            case HOST_IN_USE,
                    HOST_EXISTS,
                    ALREADY_MIGRATING,
                    EVACUATION_RUNNING,
                    EVACUATION_ENDED,
                    OWNED_ELSEWHERE,
                    PLAN_OUTDATED,
                    OPERATION_INVALID,
                    NAME_IN_USE,
                    UUID_IN_USE,
                    NOT_RUNNING,
                    NOT_MIGRATABLE,
                    ABORTED -> 409;
            default ->
                switch (code.kind()) {
                    case CALLER -> 400;
                    case CAPACITY -> 503;
                    case HOST -> 502;
                    case INTERNAL -> 500;
                };
        };
    }
}
