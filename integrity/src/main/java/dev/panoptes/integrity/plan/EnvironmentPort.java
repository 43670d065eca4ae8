package dev.panoptes.integrity.plan;

import dev.panoptes.code.PathNames;
import dev.panoptes.code.PortValue;
import dev.panoptes.integrity.declared.ComposeFile;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the {@code .env} beside a compose file sets the variable that a published port is made of.
 *
 * @param file path below the root
 * @param index counted from 0, in the text as it is now
 * @param held false where Git does not hold the file as it is: then no patch shows it, and it is edited by hand
 */
record EnvironmentPort(String file, int index, String variable, boolean held) {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([A-Za-z_]\\w{0,100})");

    /** Empty where the port stands in the compose file itself. */
    static List<EnvironmentPort> of(ComposeFile file, ComposeFile.Published published, int port, Workspace workspace) {
        Matcher variable = VARIABLE.matcher(published.text());
        String literal = published.text().replaceAll("\\$\\{[^}]*}|\\$\\w+", "");
        if (!(published.host() instanceof PortValue.Known(int host, String unused))
                || host != port
                || literal.contains(Integer.toString(port))
                || !variable.find()) {
            return List.of();
        }
        String name = PathNames.join(file.directory(), ".env");
        Pattern set = Pattern.compile(
                "\\s*(?:export\\s+)?" + variable.group(1) + "\\s*=\\s*[\"']?" + port + "[\"']?\\s*(?s:#.*)?");
        List<EnvironmentPort> places = new ArrayList<>();
        List<String> lines = workspace.lines(name).orElse(List.of());
        for (int i = 0; i < lines.size(); i++) {
            if (set.matcher(lines.get(i)).matches()) {
                places.add(new EnvironmentPort(name, i, variable.group(1), workspace.held(name)));
            }
        }
        return places;
    }

    /** False where it must be done by hand. */
    boolean move(int port, int free, PlanContext context) {
        Pattern number = Pattern.compile("(?<==[\\s\"']{0,4})" + port + "(?!\\d)");
        return held && context.replaceMatches(file, index, number, Integer.toString(free));
    }

    /** What a person is to do. */
    String byHand(int free) {
        return "Set " + variable + " to " + free + " in " + file;
    }
}
