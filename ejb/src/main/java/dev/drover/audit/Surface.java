package dev.drover.audit;

/** Through which door a wish came in. */
public enum Surface {
    REST,
    /** Drover's own page, which speaks REST from a browser. */
    PAGE,
    JMX,
    /** A batch job's properties: jboss-cli, the console, a scheduler. */
    BATCH,
    /** Nobody's wish: Drover itself, on its way or after a crash. */
    DROVER
}
