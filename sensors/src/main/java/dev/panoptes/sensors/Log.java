package dev.panoptes.sensors;

import java.io.PrintStream;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** What the sensors say of themselves: one line on standard error each. Safe for several threads. */
public final class Log {
    /** Least important first. */
    public enum Level {
        DEBUG,
        INFO,
        WARNING,
        ERROR,
        CRITICAL
    }

    private final PrintStream out;
    private final InstantSource clock;
    private final Level least;

    /** @param least what is less important is not said */
    public Log(PrintStream out, InstantSource clock, Level least) {
        this.out = out;
        this.clock = clock;
        this.least = least;
    }

    public void debug(String sensor, String message) {
        say(Level.DEBUG, sensor, message);
    }

    public void info(String sensor, String message) {
        say(Level.INFO, sensor, message);
    }

    public void warning(String sensor, String message) {
        say(Level.WARNING, sensor, message);
    }

    public void error(String sensor, String message) {
        say(Level.ERROR, sensor, message);
    }

    private void say(Level level, String sensor, String message) {
        if (level.compareTo(least) >= 0) {
            // What comes from outside may not begin a line of its own.
            String line = message.replaceAll("\\p{Cntrl}", "?");
            out.println(clock.instant().truncatedTo(ChronoUnit.MILLIS) + " "
                    + level.name().toLowerCase(Locale.ROOT) + " " + sensor + ": " + line);
        }
    }
}
