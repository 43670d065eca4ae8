package dev.panoptes.integrity.declared;

import dev.panoptes.code.command.PortArgument;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.text.Lines;
import dev.panoptes.integrity.declared.ContainerPorts.Bound;
import dev.panoptes.integrity.declared.ContainerPorts.Listening;
import dev.panoptes.integrity.declared.ServiceImages.Image;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What nginx's own image listens on: the {@code listen} lines of the files that are copied or mounted where it includes them
 * (nginx, "Core functionality" and "listen"; Docker Hub, "nginx"), else the port that it comes with. Empty where something of it
 * cannot be followed.
 */
final class NginxPorts {
    private static final Map<String, Integer> IMAGES =
            Map.of("nginx", 80, "nginxinc/nginx-unprivileged", 8080, "nginx/nginx-unprivileged", 8080);

    private static final String FOLDER = "/etc/nginx";
    private static final String MAIN = FOLDER + "/nginx.conf";
    private static final String SITES = FOLDER + "/conf.d";
    /** Where Debian's and Alpine's packages look beside that. */
    private static final String ENABLED = FOLDER + "/sites-enabled";

    private static final String HTTP = FOLDER + "/http.d";
    private static final String TEMPLATES = FOLDER + "/templates";
    private static final String DEFAULT = SITES + "/default.conf";
    private static final int MOST = 100;
    private static final int LONGEST = 256 * 1024;

    private static final Pattern PLAIN_START =
            Pattern.compile("(?:/usr/sbin/)?nginx(?: -g [\"']?daemon off;?[\"']?)?|(?:/usr/sbin/)?nginx-debug.*");
    /** What the image includes itself, and parts of locations. */
    private static final Pattern INCLUDE = Pattern.compile("(?:^|[;{}\\s])include\\s+([^;]{1,300});");

    private static final Pattern HARMLESS = Pattern.compile(
            ".*(mime\\.types|(fastcgi|uwsgi|scgi|proxy)[_\\w.-]*|snippets/\\S*|/usr/share/\\S*|modules\\S*)");

    private static final Pattern LISTEN = Pattern.compile("(?:^|[;{}])\\s*listen\\s+(?:unix:[^;\\s]+|"
            + "(?:([\\d.]+|\\[[0-9a-fA-F:]+]|\\*|localhost):)?(\\d{1,5}|\\$\\{?\\w+}?))(?=[\\s;])");

    private static final Pattern SERVER = Pattern.compile("(?:^|[;{}\\s])server\\s*\\{");
    private static final Pattern APT = Pattern.compile("\\bapt(?:-get)?\\s[^;&|]*install\\s[^;&|]*\\bnginx\\b");
    private static final Pattern APK = Pattern.compile("\\bapk\\s[^;&|]*add\\s[^;&|]*\\bnginx\\b");

    private static final Pattern TOUCHES = Pattern.compile("/etc/nginx|nginx\\.conf|default\\.conf|conf\\.d");

    private final Function<String, @Nullable String> text;
    private final Map<String, String> variables;
    /** By absolute path in the container, the rootPath of what lies there. */
    private final Map<String, String> files = new TreeMap<>();

    private final List<Bound> bounds = new ArrayList<>();
    private final List<String> folders;
    private final String standard;
    private boolean open;

    /** @param folders whose files it includes @param standard the file that comes with it */
    private NginxPorts(
            Function<String, @Nullable String> text,
            Map<String, String> variables,
            List<String> folders,
            String standard) {
        this.text = text;
        this.variables = variables;
        this.folders = folders;
        this.standard = standard;
    }

    /**
     * @param started what is started; null for the image's own command
     * @param text of a file of the tree; null where it has none
     */
    static Optional<Listening> of(
            ComposeFile.Service service,
            Image built,
            @Nullable String started,
            ContainerEnvironment environment,
            Function<String, @Nullable String> text) {
        Dockerfile.Stage stage = built.stage();
        String context = built.context();
        String image = stage == null ? service.build() == null ? service.image() : null : stage.base();
        Integer own = image == null ? null : IMAGES.get(BaseImages.name(image));
        boolean moved = environment.known().keySet().stream().anyMatch(name -> name.startsWith("NGINX_ENVSUBST"));
        if (own == null
                || moved
                || (stage != null && context == null)
                || (started != null && !PLAIN_START.matcher(started.strip()).matches())) {
            return Optional.empty();
        }
        return new NginxPorts(text, environment.known(), List.of(SITES), DEFAULT).read(service, built, own, image);
    }

    /** What nginx listens on that a package of the distribution brings and that another program of the container starts. */
    static Optional<Listening> installed(
            ComposeFile.Service service, Image built, String started, Function<String, @Nullable String> text) {
        Dockerfile.Stage stage = built.stage();
        String base = stage == null ? null : stage.base();
        if (stage == null
                || base == null
                || built.context() == null
                || !BaseImages.isPlain(base)
                || !PLAIN_START.matcher(started.strip()).matches()) {
            return Optional.empty();
        }
        boolean apt =
                stage.runs().stream().anyMatch(run -> APT.matcher(run.text()).find());
        boolean apk =
                stage.runs().stream().anyMatch(run -> APK.matcher(run.text()).find());
        if (apt == apk) {
            return Optional.empty();
        }
        return new NginxPorts(
                        text,
                        Map.of(),
                        apt ? List.of(SITES, ENABLED) : List.of(HTTP),
                        apt ? ENABLED + "/default" : HTTP + "/default.conf")
                .read(service, built, 80, base);
    }

    private Optional<Listening> read(ComposeFile.Service service, Image built, int own, @Nullable String image) {
        Dockerfile.Stage stage = built.stage();
        Dockerfile dockerfile = built.dockerfile();
        boolean removed = false;
        Pattern removal = Pattern.compile("\\brm\\s[^;&|]*?(?:" + Pattern.quote(standard) + "|"
                + Pattern.quote(HostProcessReader.folder(standard)) + "(?:/\\*(?:\\.conf)?)?)(?=\\s|;|&|$)");
        if (stage != null) {
            stage.copies().forEach(copy -> copied(copy, String.valueOf(built.context())));
            for (Dockerfile.Run run : stage.runs()) {
                Matcher removes = removal.matcher(run.text());
                removed |= removes.find();
                open |= TOUCHES.matcher(removes.replaceAll(" ")).find();
            }
        }
        for (ComposeFile.Mount mount : service.mounts()) {
            String source = mount.sourceInTree();
            put(mount.target(), source == null ? "" : source);
        }
        if (files.isEmpty() && !removed) {
            return Optional.empty(); // the table knows it as it comes
        }
        boolean sites = true;
        if (files.containsKey(MAIN)) {
            sites = listens(MAIN);
        }
        if (sites) {
            files.keySet().stream().filter(this::isSite).toList().forEach(this::listens);
            boolean replaced = files.keySet().stream().map(NginxPorts::made).anyMatch(standard::equals);
            if (!removed && !replaced) {
                bounds.add(new Bound(
                        own,
                        dockerfile == null
                                ? new Evidence("compose", service.file(), service.line(), "image: " + image)
                                : new Evidence("dockerfile", dockerfile.rootPath(), 1, "FROM " + image),
                        null));
            }
        }
        return open || bounds.isEmpty() || bounds.size() >= MOST
                ? Optional.empty()
                : Optional.of(new Listening.On(bounds, null, null));
    }

    private boolean isSite(String path) {
        String made = made(path);
        return folders.contains(HostProcessReader.folder(made)) && (made.endsWith(".conf") || made.startsWith(ENABLED));
    }

    /** What becomes of a template when the container starts. */
    private static String made(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return path.startsWith(TEMPLATES + "/") && name.endsWith(".template")
                ? SITES + "/" + name.substring(0, name.length() - ".template".length())
                : path;
    }

    private void copied(Dockerfile.Copy copy, String context) {
        String to = copy.destination();
        boolean touches = ContainerPath.below(FOLDER, to) != null || ContainerPath.below(to, FOLDER) != null;
        if (!touches) {
            open |= to.startsWith("?");
            return;
        }
        for (String source : copy.sources()) {
            String name = source.substring(source.lastIndexOf('/') + 1);
            boolean file = name.indexOf('.') > 0 && !ModuleSearch.isGlob(source);
            if (copy.unclear() || copy.from() != null || !file) {
                open |= !to.equals("/") || copy.unclear() || !file;
                continue;
            }
            boolean into = copy.intoFolder() || to.equals(FOLDER) || folders.contains(to) || to.equals(TEMPLATES);
            String place = ContainerPath.belowRoot(context, source);
            put(into ? to + "/" + name : to, place == null ? "" : place);
        }
    }

    private void put(String target, String rootPath) {
        if (ContainerPath.below(FOLDER, target) == null) {
            open |= ContainerPath.below(target, FOLDER) != null && !target.equals("/");
            return;
        }
        boolean matters = target.equals(MAIN) || isSite(target);
        boolean aside = folders.stream().allMatch(folder -> ContainerPath.below(folder, target) == null)
                && ContainerPath.below(TEMPLATES, target) == null
                && !target.equals(FOLDER);
        if (matters) {
            files.put(target, rootPath);
        } else {
            open |= !aside;
        }
    }

    /** True where the file includes the folder of the sites. */
    private boolean listens(String path) {
        String file = String.valueOf(files.get(path));
        String content = file.isEmpty() ? null : text.apply(file);
        if (content == null || content.length() > LONGEST) {
            open = true;
            return false;
        }
        boolean template = path.startsWith(TEMPLATES + "/");
        boolean sites = false;
        String[] lines = Lines.of(content);
        StringBuilder plain = new StringBuilder();
        int listening = 0;
        for (int i = 0; i < lines.length && bounds.size() < MOST; i++) {
            String line = lines[i].replaceFirst("(^|\\s)#.*", "");
            plain.append(line).append('\n');
            Matcher listen = LISTEN.matcher(line);
            while (listen.find()) {
                listening++;
                bind(listen, template, file, i + 1);
            }
        }
        Matcher include = INCLUDE.matcher(plain);
        while (include.find()) {
            String included = include.group(1).strip();
            boolean folder =
                    folders.contains(ContainerPath.resolve(FOLDER, included).replaceFirst("/\\*(\\.conf)?$", ""));
            sites |= folder;
            open |= !folder && !HARMLESS.matcher(included).matches();
        }
        // A server without a line of its own listens on 80 or 8000; which of several it is, is not looked at.
        Matcher server = SERVER.matcher(plain);
        int servers = 0;
        while (server.find()) {
            servers++;
        }
        open |= servers > listening;
        return sites;
    }

    private void bind(Matcher listen, boolean template, String file, int line) {
        String port = listen.group(2);
        if (port == null) {
            return; // a socket of the file system
        }
        if (port.startsWith("$")) {
            String value = template ? variables.get(port.replaceAll("[${}]", "")) : null;
            if (value == null || !value.matches("[0-9]{1,5}")) {
                open = true;
                return;
            }
            port = value;
        }
        int number = PortArgument.number(port);
        if (number < 1) {
            open = true; // nginx refuses it
            return;
        }
        String address = listen.group(1) == null ? "" : listen.group(1).replaceAll("[\\[\\]]", "");
        bounds.add(new Bound(
                number,
                new Evidence(
                        "nginx",
                        file,
                        line,
                        listen.group().replaceFirst("^[;{}]", "").strip()),
                address.isEmpty() || address.equals("*") ? "0.0.0.0" : address));
    }
}
