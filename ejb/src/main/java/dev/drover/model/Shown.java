package dev.drover.model;

/** Somebody's text, made fit for a message: short, on one line. */
final class Shown {

    private static final int MOST = 80;

    private Shown() {}

    static String of(String text) {
        String oneLine = text.replaceAll("\\p{Cntrl}", "?");
        return oneLine.length() <= MOST ? oneLine : oneLine.substring(0, MOST) + "…";
    }
}
