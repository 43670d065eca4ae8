package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import dev.panoptes.code.ScannedTree;
import dev.panoptes.code.ScannedTree.Content;
import dev.panoptes.code.ScannedTree.Place;
import dev.panoptes.core.text.Lines;
import dev.panoptes.integrity.declared.PortMentions.FlyApp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code fly.toml} and its like: to which port of a machine Fly's proxy leads, and what the machine is given. */
final class FlyFiles {
    private static final int LARGEST = 256 * 1024;
    private static final Pattern CALLED = Pattern.compile("fly(\\.[\\w-]+)?\\.toml");
    private static final Pattern SECTION = Pattern.compile("\\s*\\[{1,2}\\s*([\\w.-]+)\\s*]{1,2}\\s*(?:#.*)?");
    private static final Pattern SETTING =
            Pattern.compile("\\s*[\"']?([\\w.-]+)[\"']?\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'|([\\w.]+))\\s*(?:#.*)?");

    private static final Pattern DEPLOYED = Pattern.compile(
            "\\bfly(?:ctl)? (?:deploy|launch)\\b[^\\n]{0,300}(?:--dockerfile|--image|\\s-i\\s|--build-target)");

    private final ScannedTree tree;
    private final String file;
    private final Map<Integer, Integer> ports = new LinkedHashMap<>();
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, Integer> checked = new HashMap<>();
    private @Nullable String dockerfile;
    private @Nullable String unclear;

    private FlyFiles(ScannedTree tree, String file) {
        this.tree = tree;
        this.file = file;
    }

    static boolean isCalledSo(String name) {
        return CALLED.matcher(name).matches();
    }

    static List<FlyApp> read(ScannedTree tree, List<DeclarationFiles.Found> files) {
        List<FlyApp> apps = new ArrayList<>();
        for (DeclarationFiles.Found found : files) {
            if (isCalledSo(found.name())
                    && tree.read(found.targetPath(), LARGEST) instanceof Content.Text(String text, String digest)) {
                apps.addAll(new FlyFiles(tree, found.rootPath()).apps(text));
            }
        }
        return apps;
    }

    private List<FlyApp> apps(String text) {
        String section = "";
        String[] lines = Lines.of(text);
        for (int i = 0; i < lines.length; i++) {
            Matcher head = SECTION.matcher(lines[i]);
            Matcher setting = SETTING.matcher(lines[i]);
            if (head.matches()) {
                section = head.group(1);
            } else if (setting.matches()) {
                String value = setting.group(2) != null
                        ? setting.group(2)
                        : setting.group(3) != null ? setting.group(3) : setting.group(4);
                set(section, setting.group(1), value, i + 1);
            }
        }
        String built = dockerfile();
        String other = dockerfile == null && unclear == null ? deployed() : null;
        unclear = other == null ? unclear : other;
        return ports.entrySet().stream()
                .map(port -> new FlyApp(file, port.getValue(), port.getKey(), environment, checked, built, unclear))
                .toList();
    }

    private void set(String section, String key, String value, int line) {
        switch (section) {
            case "env" -> environment.put(key, value);
            case "build" -> built(key, value);
            case "processes" -> unclear = "its processes have commands of their own";
            case "experimental" -> unclear = "what it starts is said in fly.toml";
            case "http_service", "services" -> {
                if (key.equals("internal_port") && value.matches("[0-9]{1,5}")) {
                    ports.putIfAbsent(Integer.valueOf(value), line);
                }
            }
            case "http_service.checks", "services.http_checks" -> checked(key, value, line);
            default -> {
                if (section.startsWith("checks.")) {
                    checked(key, value, line);
                }
                // Mounts and the like lead nowhere else.
            }
        }
    }

    private void checked(String key, String value, int line) {
        if (key.equals("path") && value.startsWith("/")) {
            checked.putIfAbsent(value, line);
        }
    }

    private void built(String key, String value) {
        switch (key) {
            case "dockerfile" -> dockerfile = value;
            case "image" -> unclear = "it runs an image from elsewhere";
            case "builder", "builtin" -> unclear = "a buildpack makes its image";
            case "build-target" -> unclear = "another stage than the last may be built";
            default -> {
                // Arguments and the like.
            }
        }
    }

    /** Why the Dockerfile beside it may not be the one that is built: a command names another, or one is called after Fly. */
    private @Nullable String deployed() {
        String folder = HostProcessReader.folder(file);
        for (String name : List.of("Dockerfile.fly", "fly.Dockerfile", "Dockerfile.flyio")) {
            if (tree.look(PathNames.join(folder, name)) instanceof Place.Here) {
                return "it may be deployed with " + PathNames.join(folder, name);
            }
        }
        for (String place : new LinkedHashSet<>(List.of(folder, ""))) {
            for (String name : List.of("justfile", "Makefile", "package.json", "README.md", "Taskfile.yml")) {
                if (tree.read(PathNames.join(place, name), LARGEST) instanceof Content.Text(String text, String _)
                        && DEPLOYED.matcher(text).find()) {
                    return PathNames.join(place, name) + " deploys another image than that of the Dockerfile beside it";
                }
            }
        }
        return null;
    }

    private @Nullable String dockerfile() {
        String rootPath =
                ContainerPath.belowRoot(HostProcessReader.folder(file), dockerfile == null ? "Dockerfile" : dockerfile);
        return rootPath != null && tree.look(rootPath) instanceof Place.Here here && here.regular() ? rootPath : null;
    }
}
