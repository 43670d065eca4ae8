package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import dev.panoptes.code.ScannedTree;
import dev.panoptes.code.ScannedTree.Content;
import dev.panoptes.code.ScannedTree.Place;
import dev.panoptes.code.command.PortArgument;
import dev.panoptes.integrity.declared.BuildFiles.Forward;
import dev.panoptes.integrity.declared.BuildFiles.Reference;
import dev.panoptes.integrity.declared.BuildFiles.Target;
import dev.panoptes.integrity.declared.Hcl.Body;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads devcontainer.json (Development Container Specification): the compose files, services and Dockerfile that it names, and the ports of
 * services that it forwards. Its own compose files are judged as far as they are built; they start nothing of the fleet.
 */
final class DevcontainerReader {
    static final String FOLDER = ".devcontainer";
    static final String NAME = "devcontainer.json";

    private static final List<String> COMMANDS = List.of(
            "onCreateCommand", "updateContentCommand", "postCreateCommand", "postStartCommand", "postAttachCommand");

    private static final Pattern SCRIPT =
            Pattern.compile("(?:(?:ba|z)?sh\\s+)?(?:\\./)?(\\.devcontainer/[\\w./-]+\\.(?:sh|py))(?:\\s.*)?");

    private static final int LARGEST = 1 << 18;
    private static final int MOST_FILES = 50;
    private static final int MOST = 100;

    private final ScannedTree tree;
    private final PlacedByHand ignored;
    private final List<Target> targets = new ArrayList<>();
    private final List<Reference> references = new ArrayList<>();
    private final List<Forward> forwards = new ArrayList<>();

    private DevcontainerReader(ScannedTree tree) {
        this.tree = tree;
        this.ignored = PlacedByHand.in(tree);
    }

    static BuildFiles read(ScannedTree tree, List<DeclarationFiles.Found> files) throws InterruptedException {
        DevcontainerReader reader = new DevcontainerReader(tree);
        int left = MOST_FILES;
        for (DeclarationFiles.Found file : files) {
            if (file.name().endsWith(NAME) && left-- > 0) {
                reader.read(file.rootPath());
            }
        }
        return new BuildFiles(reader.targets, reader.references, reader.forwards, false);
    }

    private void read(String file) throws InterruptedException {
        Body body;
        try {
            // JSON with comments and commas at the end of lists is read as HCL reads objects.
            body = tree.read(file, LARGEST) instanceof Content.Text(String text, String digest)
                    ? HclParser.parse(text)
                    : null;
        } catch (HclParser.Malformed e) {
            add("what it says", file, false, "it is not understood: " + e.getMessage(), file, e.line());
            return;
        }
        if (body == null) {
            add("what it says", file, false, "it cannot be read", file, 1);
            return;
        }
        scripts(file, body);
        Hcl named = body.get("dockerComposeFile");
        if (named != null) {
            composed(file, body, named);
        } else {
            built(file, body);
        }
    }

    /** Scripts of its folder that its commands run, which start where the repository lies (containers.dev, "Lifecycle scripts"). */
    private void scripts(String file, Body body) {
        int folder = ("/" + file).lastIndexOf("/" + FOLDER + "/");
        for (String key : folder < 0 ? List.<String>of() : COMMANDS) {
            Matcher script = body.text(key) instanceof String command ? SCRIPT.matcher(command) : null;
            String above = file.substring(0, Math.max(0, folder - 1));
            if (script != null && script.matches()) {
                String rootPath = PathNames.join(above, script.group(1));
                boolean there = tree.look(rootPath) instanceof Place.Here;
                String placed = there ? null : ignored.reason(rootPath);
                add("script", rootPath, there, placed == null ? null : "it " + placed, file, body.line(key));
            }
        }
    }

    /** A Dockerfile and its context, both relative to the folder of the file. */
    private void built(String file, Body body) {
        Body build = body.first("build");
        Body where = build == null ? body : build;
        for (String key : build == null ? List.of("dockerFile", "context") : List.of("dockerfile", "context")) {
            if (where.isOpen(key)) {
                add(key, key, false, "its path is computed", file, where.line(key));
            } else if (where.text(key) instanceof String path) {
                path(key.equals("context") ? "build context" : "Dockerfile", file, path, where.line(key));
            }
        }
    }

    private @Nullable String path(String what, String file, String written, int line) {
        String rootPath = ContainerPath.belowRoot(HostProcessReader.folder(file), written);
        if (rootPath == null || written.startsWith("/")) {
            return null;
        }
        if (tree.look(rootPath) instanceof Place.Here) {
            add(what, rootPath, true, null, file, line);
            return rootPath;
        }
        String placed = tree.look(rootPath) instanceof Place.Unclear(String reason) ? reason : ignored.reason(rootPath);
        add(what, rootPath, false, placed == null ? null : "it " + placed, file, line);
        return null;
    }

    private void composed(String file, Body body, Hcl named) throws InterruptedException {
        List<Hcl> written = named instanceof Hcl.Items(List<Hcl> items, int line) ? items : List.of(named);
        List<String> files = new ArrayList<>();
        for (Hcl each : written.size() > MOST ? List.<Hcl>of() : written) {
            String path = each instanceof Hcl.Text text && !text.isOpen()
                    ? path("compose file", file, text.value(), text.line())
                    : null;
            if (path != null) {
                files.add(path);
            }
        }
        ComposeFile project =
                files.isEmpty() || files.size() != written.size() ? null : ComposeReader.project(tree, files);
        boolean whole = project != null && project.project().missing().isEmpty();
        List<Hcl> services = new ArrayList<>();
        if (body.get("service") != null) {
            services.add(body.get("service"));
        }
        if (body.get("runServices") instanceof Hcl.Items(List<Hcl> items, int line)) {
            services.addAll(items.subList(0, Math.min(items.size(), MOST)));
        }
        for (Hcl service : services) {
            if (service instanceof Hcl.Text text && !text.isOpen()) {
                service(project, whole, text.value(), file, text.line());
            }
        }
        if (project != null) {
            forwarded(project, whole, body, file);
            ownBuilds(project, files.getFirst());
        }
    }

    private void service(@Nullable ComposeFile project, boolean whole, String name, String file, int line) {
        boolean there = project != null
                && project.services().stream().anyMatch(each -> each.name().equals(name));
        add("service", name, there, there || whole ? null : "not all of its compose files could be read", file, line);
    }

    private void forwarded(ComposeFile project, boolean whole, Body body, String file) {
        List<Hcl> ports = body.get("forwardPorts") instanceof Hcl.Items(List<Hcl> items, int line) ? items : List.of();
        for (Hcl each : ports.subList(0, Math.min(ports.size(), MOST))) {
            if (each instanceof Hcl.Text text && text.value().matches("[A-Za-z][\\w-]*:[0-9]{1,5}")) {
                String host = text.value().substring(0, text.value().indexOf(':'));
                int port = PortArgument.number(text.value().substring(host.length() + 1));
                List<ComposeFile.Service> called = project.services().stream()
                        .filter(service -> service.name().equals(host)
                                || service.details().names().contains(host))
                        .toList();
                if (called.isEmpty() && !host.equals("localhost")) {
                    service(project, whole, host, file, text.line());
                } else if (called.size() == 1 && port > 0) {
                    forwards.add(new Forward(called.getFirst(), port, file, text.line()));
                }
            }
        }
    }

    /** Services that compose files of the folder build; others are judged where they stand. */
    private void ownBuilds(ComposeFile project, String first) {
        for (ComposeFile.Service service : project.services()) {
            ComposeFile.Build build = service.build();
            if (build != null && targets.size() < MOST && ("/" + build.file()).contains("/" + FOLDER + "/")) {
                // Compose takes paths from the folder of the first file, whichever writes them.
                targets.add(new Target(
                        service.id(),
                        true,
                        Stream.of(HostProcessReader.folder(build.file()), HostProcessReader.folder(first))
                                .distinct()
                                .map(directory -> new ComposeFile.Build(
                                        build.context(),
                                        build.contextUnclear(),
                                        build.dockerfile(),
                                        build.dockerfileUnclear(),
                                        build.inline(),
                                        build.target(),
                                        Map.of(),
                                        Set.of(),
                                        directory,
                                        build.file(),
                                        build.line()))
                                .toList()));
            }
        }
    }

    private void add(String what, String name, boolean found, @Nullable String unclear, String file, int line) {
        if (references.size() < MOST * MOST_FILES) {
            references.add(new Reference(true, what, name, found, unclear, file, line));
        }
    }
}
