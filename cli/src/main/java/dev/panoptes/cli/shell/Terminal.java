package dev.panoptes.cli.shell;

import dev.panoptes.core.host.Libc;
import dev.panoptes.integrity.report.TextStyle;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** What the standard streams are connected to. */
public final class Terminal {
    private static final int COLUMNS = 100;

    private final Map<String, String> environment;

    public Terminal(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Colours on a terminal unless {@code NO_COLOR} (no-color.org) or {@code TERM=dumb} forbids them. */
    public TextStyle style() {
        boolean terminal = isTerminal(1);
        boolean colour = terminal && !set("NO_COLOR") && !"dumb".equals(environment.get("TERM"));
        return new TextStyle(colour, terminal && utf8(), columns(terminal));
    }

    public boolean errIsTerminal() {
        return isTerminal(2);
    }

    public OutputStream out() {
        String target = target(1);
        return new StandardOutput(
                new FileOutputStream(FileDescriptor.out), target.startsWith("pipe:") || target.startsWith("socket:"));
    }

    /** System.console() would also ask about standard input. */
    private static boolean isTerminal(int descriptor) {
        String target = target(descriptor);
        return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
    }

    /** What a descriptor is connected to (proc_pid_fd(5)); empty where that cannot be told. */
    private static String target(int descriptor) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }

    private boolean utf8() {
        for (String name : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
            if (set(name)) {
                String value = environment.getOrDefault(name, "").toUpperCase(Locale.ROOT);
                return value.contains("UTF-8") || value.contains("UTF8");
            }
        }
        return false;
    }

    /** What the user says, else what the terminal does: shells keep COLUMNS to themselves. */
    private int columns(boolean terminal) {
        try {
            return Integer.parseInt(environment.getOrDefault("COLUMNS", ""));
        } catch (NumberFormatException e) {
            int seen = terminal ? window() : 0;
            return seen > 0 ? seen : COLUMNS;
        }
    }

    private static int window() {
        try (Libc libc = new Libc()) {
            return libc.columns(1);
        } catch (UnsupportedOperationException | IllegalCallerException | LinkageError e) {
            // No native access here: then the usual width will do.
            return 0;
        }
    }

    private boolean set(String name) {
        return !environment.getOrDefault(name, "").isEmpty();
    }
}
