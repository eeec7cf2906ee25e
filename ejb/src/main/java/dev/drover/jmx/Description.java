package dev.drover.jmx;

import dev.drover.model.ArgumentHelp;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a console shows beside an MBean, an attribute, an operation or a parameter. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.PARAMETER})
@interface Description {
    String value();

    /** What is told behind it, a line for each name that may be said. */
    Table table() default Table.NONE;

    /** The tables of what a migrate call may say. */
    enum Table {
        NONE(""),
        FLAGS("\n" + ArgumentHelp.flags()),
        PARAMS("\n" + ArgumentHelp.params());

        private final String lines;

        Table(String lines) {
            this.lines = lines;
        }

        String lines() {
            return lines;
        }
    }
}
