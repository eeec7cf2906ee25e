package dev.drover.persistence;

import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/** A failure as columns; all of them null when there is none. */
@Embeddable
@NullUnmarked
class FailureColumns {

    private static final int MESSAGE_MAX = 4000;

    @Column(name = "failure_code")
    private String code;

    @Column(name = "failure_number")
    private Integer number;

    @Column(name = "failure_message")
    private String message;

    protected FailureColumns() {}

    static @Nullable FailureColumns of(@Nullable Failure failure) {
        if (failure == null) {
            return null;
        }
        var columns = new FailureColumns();
        columns.code = failure.code().name();
        columns.number = failure.number();
        String text = failure.message();
        columns.message = text.length() > MESSAGE_MAX ? text.substring(0, MESSAGE_MAX) : text;
        return columns;
    }

    @Nullable
    Failure failure() {
        return code == null ? null : new Failure(FailureCode.valueOf(code), number, message);
    }
}
