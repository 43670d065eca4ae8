package dev.panoptes.integrity.declared;

import dev.panoptes.code.command.StartCommand;
import dev.panoptes.code.command.StartCommandParser;
import dev.panoptes.core.text.Lines;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads Procfiles. A line is {@code type: command}. {@code PORT} is chosen by the platform that runs them; foreman and honcho
 * take it from {@code .env} and add 100 for each type before (foreman(1), honcho's documentation).
 */
final class Procfiles {
    private static final Pattern LINE = Pattern.compile("([A-Za-z0-9_-]{1,100}):\\s*(\\S.*)");
    private static final int MOST = 200;
    private static final int STEP = 100;
    /** Runs once, before the others start, and ends (Heroku, "Release Phase"). */
    private static final String RELEASE = "release";

    private Procfiles() {}

    /** @param environment of the {@code .env} beside it; empty where there is none */
    static List<HostProcess> read(String file, String text, Map<String, String> environment) {
        List<HostProcess> processes = new ArrayList<>();
        int base = port(environment.get("PORT"));
        int line = 0;
        int index = 0;
        for (String raw : Lines.of(text)) {
            line++;
            Matcher written = LINE.matcher(raw.strip());
            if (!written.matches() || index >= MOST) {
                continue;
            }
            Map<String, String> set = new HashMap<>(environment);
            set.remove("PORT");
            if (base > 0) {
                set.put("PORT", Integer.toString(base + STEP * index));
            }
            index++;
            String name = written.group(1);
            StartCommand start = StartCommandParser.ofShell(written.group(2), set, line);
            if (!name.equals(RELEASE) && start != null) {
                processes.add(new HostProcess(
                        HostProcess.Kind.PROCFILE,
                        name,
                        file,
                        line,
                        start,
                        HostProcessReader.folder(file),
                        set,
                        base > 0 ? Set.of() : Set.of("PORT"),
                        null));
            }
        }
        return processes;
    }

    private static int port(@Nullable String text) {
        return text != null && text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
    }
}
