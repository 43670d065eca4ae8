package dev.panoptes.integrity.declared;

import dev.panoptes.code.command.StartCommand;
import dev.panoptes.code.command.StartCommandParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The programs of an image whose command is supervisord (supervisord, "Running supervisord"): its configuration is where the
 * Dockerfile copies it, and what {@code [include]} names there too.
 */
final class SupervisedImage {
    private static final int MOST_FILES = 50;
    private static final Pattern CONFIGURED = Pattern.compile("(?:^|\\s)(?:-c|--configuration)[ =]\\s*(\\S{1,300})");
    private static final Pattern INCLUDE = Pattern.compile(
            "(?ms)^\\[include]\\s*$.*?^[ \\t]*files\\s*=\\s*([^\\[]{1,2000}?)(?=^[ \\t]*\\[|^[ \\t]*\\w+\\s*=|\\z)");
    /** Where it looks without an option, and where Debian's own configuration includes from. */
    private static final List<String> STANDARD =
            List.of("/etc/supervisord.conf", "/etc/supervisor/supervisord.conf", "/etc/supervisord/supervisord.conf");

    private static final String DEBIAN = "/etc/supervisor/conf.d/*.conf";

    private final Dockerfile.Stage stage;
    private final Function<StartCommand, @Nullable String> place;
    private final Function<String, @Nullable String> text;
    private final List<HostProcess> programs = new ArrayList<>();
    private int left = MOST_FILES;

    /**
     * @param place rootPath of the file that a command such as {@code python /a/b} runs in the image; null where that is not known
     * @param text of a file of the tree
     */
    SupervisedImage(
            Dockerfile.Stage stage,
            Function<StartCommand, @Nullable String> place,
            Function<String, @Nullable String> text) {
        this.stage = stage;
        this.place = place;
        this.text = text;
    }

    static boolean isStartedBy(StartCommand start) {
        String program = start.text().strip().split("\\s+", 2)[0];
        return program.equals("supervisord") || program.endsWith("/supervisord");
    }

    /** Directories of the programs are absolute paths of the image, without the first slash; empty where none is found. */
    List<HostProcess> programs(StartCommand start) {
        Matcher named = CONFIGURED.matcher(start.text());
        if (named.find()) {
            String path = ContainerPath.resolve(stage.workdir(), named.group(1));
            read(path);
            if (programs.isEmpty() && path.equals(STANDARD.get(1))) {
                included(DEBIAN, "/"); // the package's own file includes them
            }
        } else {
            STANDARD.forEach(this::read);
            if (programs.isEmpty()) {
                included(DEBIAN, "/");
            }
        }
        return programs;
    }

    private void read(String path) {
        StartCommand reader = StartCommandParser.ofArguments(List.of("python", path), Map.of(), 1);
        String rootPath = reader == null || left-- <= 0 ? null : place.apply(reader);
        String content = rootPath == null ? null : text.apply(rootPath);
        if (rootPath == null || content == null) {
            return;
        }
        take(rootPath, content);
        Matcher include = INCLUDE.matcher(content);
        if (include.find()) {
            String folder = path.substring(0, path.lastIndexOf('/') + 1);
            for (String pattern : include.group(1).strip().split("\\s+")) {
                included(pattern, folder);
            }
        }
    }

    /** Files that the Dockerfile copies into the folder of a pattern. */
    private void included(String pattern, String folder) {
        String absolute = ContainerPath.resolve(folder, pattern);
        String parent = absolute.substring(0, Math.max(1, absolute.lastIndexOf('/')));
        String name = absolute.substring(absolute.lastIndexOf('/') + 1);
        if (name.indexOf('*') < 0) {
            read(absolute);
            return;
        }
        Pattern called = Pattern.compile("\\Q" + name.replace("*", "\\E.*\\Q") + "\\E");
        for (Dockerfile.Copy copy : stage.copies()) {
            for (String source : copy.sources()) {
                String file = source.substring(source.lastIndexOf('/') + 1);
                String to = copy.destination();
                if (to.equals(parent) && called.matcher(file).matches()) {
                    read(parent + "/" + file);
                } else if (to.startsWith(parent + "/")
                        && to.indexOf('/', parent.length() + 1) < 0
                        && called.matcher(to.substring(parent.length() + 1)).matches()) {
                    read(to);
                }
            }
        }
    }

    private void take(String rootPath, String content) {
        for (HostProcess each : SupervisorFiles.read(rootPath, content, new OfImage())) {
            if (programs.stream().noneMatch(other -> other.id().equals(each.id()))) {
                programs.add(each);
            }
        }
    }

    /** The paths of the image itself. */
    private record OfImage() implements DeployedPaths {
        @Override
        public DeployedPath locate(String absolute) {
            return new DeployedPath.Below(absolute.substring(1), true, true);
        }

        @Override
        public DeployedPath below(String rootPath) {
            return new DeployedPath.Below(rootPath, true, true);
        }
    }
}
