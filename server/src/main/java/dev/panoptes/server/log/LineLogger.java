package dev.panoptes.server.log;

import dev.panoptes.core.Boundary;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventAware;

/**
 * Writes an event as one line: time, level, message, then {@code key=value} pairs, quoted where they hold a blank. Line breaks
 * and control characters in values cannot forge a second line. Ours from INFO, others from WARN; {@code PANOPTES_LOG=debug}
 * lowers ours.
 */
final class LineLogger extends LegacyAbstractLogger implements LoggingEventAware {
    private static final long serialVersionUID = 1L;

    private static final String OURS = "dev.panoptes";
    /** It warns of every connection that breaks; an outage is one line of ours, and a stop none. */
    private static final String POOL = "com.zaxxer.hikari";

    /** It logs a start that failed, and throws: the caller tells that in one sentence. */
    private static final String STARTER = "io.javalin.Javalin";

    private static final int LONGEST_VALUE = 4_000;

    private final Level threshold;

    LineLogger(String name) {
        this.name = name;
        this.threshold = name.startsWith(OURS) ? ours() : name.startsWith(POOL) ? Level.ERROR : Level.WARN;
    }

    private static Level ours() {
        return "debug".equalsIgnoreCase(System.getenv("PANOPTES_LOG")) ? Level.DEBUG : Level.INFO;
    }

    private boolean enabled(Level level) {
        return level.toInt() >= threshold.toInt() && !name.equals(STARTER);
    }

    @Override
    public boolean isTraceEnabled() {
        return enabled(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return enabled(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return enabled(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return enabled(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return enabled(Level.ERROR);
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            @Nullable String pattern,
            @Nullable Object @Nullable [] arguments,
            @Nullable Throwable cause) {
        write(level, MessageFormatter.basicArrayFormat(pattern, arguments), List.of(), cause);
    }

    @Override
    public void log(LoggingEvent event) {
        String message = event.getArguments() == null
                ? event.getMessage()
                : MessageFormatter.basicArrayFormat(event.getMessage(), event.getArgumentArray());
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        write(event.getLevel(), message, pairs == null ? List.of() : pairs, event.getThrowable());
    }

    private void write(Level level, @Nullable String message, List<KeyValuePair> pairs, @Nullable Throwable cause) {
        StringBuilder line = new StringBuilder(160)
                .append(now())
                .append(' ')
                .append(String.format(Locale.ROOT, "%-5s", level))
                .append(' ')
                .append(plain(String.valueOf(message)));
        for (KeyValuePair pair : pairs) {
            line.append(' ').append(pair.key).append('=').append(quoted(String.valueOf(pair.value)));
        }
        if (!name.startsWith(OURS)) {
            line.append(" logger=").append(name);
        }
        if (cause != null) {
            line.append(" cause=").append(quoted(String.valueOf(cause)));
            if (level == Level.ERROR) {
                StringWriter trace = new StringWriter();
                cause.printStackTrace(new PrintWriter(trace));
                line.append(" trace=").append(quoted(trace.toString().replace("\n\t", " < ")));
            }
        }
        stream().println(line);
    }

    @Boundary("a log line bears the time at which it is written")
    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    @Boundary("the log goes to the error stream")
    private static PrintStream stream() {
        return System.err;
    }

    private static String quoted(String value) {
        String plain = plain(value);
        boolean bare = !plain.isEmpty() && plain.chars().noneMatch(c -> c == ' ' || c == '"' || c == '=');
        return bare ? plain : '"' + plain.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String plain(String value) {
        String cut = value.length() > LONGEST_VALUE ? value.substring(0, LONGEST_VALUE) + "..." : value;
        return cut.replaceAll("\\p{Cntrl}", " ");
    }
}
