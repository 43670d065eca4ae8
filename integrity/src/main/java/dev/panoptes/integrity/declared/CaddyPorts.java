package dev.panoptes.integrity.declared;

import dev.panoptes.code.command.PortArgument;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.text.Lines;
import dev.panoptes.integrity.declared.ContainerPorts.Bound;
import dev.panoptes.integrity.declared.ContainerPorts.Listening;
import dev.panoptes.integrity.declared.ServiceImages.Image;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Caddy's own image listens on: the addresses of the sites of the Caddyfile that is copied or mounted where the image looks for
 * it (Caddy, "Caddyfile Concepts", "Addresses"), and its administration on the loopback. Empty where something cannot be followed.
 */
final class CaddyPorts {
    private static final String FOLDER = "/etc/caddy";
    private static final String FILE = FOLDER + "/Caddyfile";
    private static final int MOST = 100;
    private static final int LONGEST = 256 * 1024;
    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final int ADMINISTRATION = 2019;

    private static final Pattern STARTED = Pattern.compile(
            "(?:\\S*/)?caddy run(?: --config[ =]/etc/caddy/Caddyfile| --adapter[ =]caddyfile| --watch)*");
    private static final Pattern VARIABLE = Pattern.compile("\\{\\$(\\w{1,100})(?::([^{}\\s]{0,100}))?}");
    private static final Pattern ADDRESS =
            Pattern.compile("(?:(https?)://)?([\\w.*-]*|\\[[0-9a-fA-F:]+])(?::(\\d{1,5}))?(?:/\\S*)?");
    /** Options by which sites listen elsewhere, or on more. */
    private static final Pattern MOVES = Pattern.compile(
            "(?m)^[ \\t]*(?:http_port|https_port|auto_https|default_bind|bind|layer4|servers|admin|dynamic_dns)\\b");

    private CaddyPorts() {}

    /** @param started what is started; null for the image's own command */
    static Optional<Listening> of(
            ComposeFile.Service service,
            Image built,
            @Nullable String started,
            ContainerEnvironment environment,
            Function<String, @Nullable String> text) {
        Dockerfile.Stage stage = built.stage();
        String image = stage == null ? service.build() == null ? service.image() : null : stage.base();
        if (image == null
                || !BaseImages.name(image).equals("caddy")
                || environment.known().keySet().stream().anyMatch(name -> name.startsWith("CADDY_"))
                || (started != null && !STARTED.matcher(started.strip()).matches())) {
            return Optional.empty();
        }
        String file = null;
        for (Dockerfile.Copy copy : stage == null ? List.<Dockerfile.Copy>of() : stage.copies()) {
            for (String source : copy.sources()) {
                String name = source.substring(source.lastIndexOf('/') + 1);
                boolean whole = copy.destination().equals(FILE) && !copy.intoFolder();
                boolean into = name.equals("Caddyfile") && copy.destination().equals(FOLDER);
                String context = built.context();
                if ((whole || into) && copy.from() == null && !copy.unclear() && context != null) {
                    file = ContainerPath.belowRoot(context, source);
                }
            }
        }
        if (stage != null && stage.runs().stream().anyMatch(run -> run.text().contains("Caddyfile"))) {
            return Optional.empty();
        }
        for (ComposeFile.Mount mount : service.mounts()) {
            String source = mount.sourceInTree();
            boolean here = mount.target().equals(FILE);
            if (here || mount.target().equals(FOLDER)) {
                file = source == null ? null : here ? source : source.isEmpty() ? "Caddyfile" : source + "/Caddyfile";
            }
        }
        String content = file == null ? null : text.apply(file);
        return file == null || content == null || content.length() > LONGEST
                ? Optional.empty()
                : read(file, content, environment);
    }

    private static Optional<Listening> read(String file, String content, ContainerEnvironment environment) {
        if (MOVES.matcher(content).find()) {
            return Optional.empty();
        }
        List<Bound> bounds = new ArrayList<>();
        String[] lines = Lines.of(content);
        int depth = 0;
        boolean any = false;
        StringBuilder addresses = new StringBuilder();
        for (int i = 0; i < lines.length && bounds.size() < MOST; i++) {
            String line = lines[i].replaceFirst("(^|\\s)#.*", "").strip();
            boolean opens = line.endsWith("{");
            if (depth == 0 && !line.isEmpty() && !line.equals("}")) {
                addresses
                        .append(opens ? line.substring(0, line.length() - 1) : line)
                        .append(' ');
                String all = addresses.toString().strip();
                boolean goesOn = !opens && all.endsWith(",");
                if (!goesOn) {
                    addresses.setLength(0);
                    boolean first = !any;
                    any = true;
                    if (all.startsWith("import ")) {
                        return Optional.empty();
                    }
                    boolean snippet = all.startsWith("(") || all.isEmpty();
                    if (!snippet && !add(all, new Evidence("caddy", file, i + 1, all), environment, bounds)) {
                        return Optional.empty();
                    }
                    if (!opens && !(first && braceless(content))) {
                        return Optional.empty();
                    }
                    if (!opens) {
                        break; // the only site of a file without braces
                    }
                }
            }
            depth += opens ? 1 : 0;
            depth -= line.equals("}") ? 1 : 0;
        }
        if (bounds.isEmpty() || bounds.size() >= MOST || depth != 0) {
            return Optional.empty();
        }
        bounds.add(new Bound(ADMINISTRATION, new Evidence("caddy", file, 1, "admin"), "localhost"));
        return Optional.of(new Listening.On(bounds, null, null));
    }

    private static boolean braceless(String content) {
        for (String line : Lines.of(content)) {
            if (line.matches("\\S.*\\{\\s*")) {
                return line.matches("\\w[\\w-]*( .*)?\\{\\s*"); // a directive's block
            }
        }
        return true;
    }

    /** False where an address cannot be told. */
    private static boolean add(String written, Evidence evidence, ContainerEnvironment environment, List<Bound> into) {
        for (String each : written.split("[,\\s]+")) {
            Matcher variable = VARIABLE.matcher(each);
            StringBuilder told = new StringBuilder();
            while (variable.find()) {
                String value = environment.known().getOrDefault(variable.group(1), variable.group(2));
                if (value == null || environment.unclear().contains(variable.group(1))) {
                    return false;
                }
                variable.appendReplacement(told, Matcher.quoteReplacement(value));
            }
            Matcher address = ADDRESS.matcher(variable.appendTail(told));
            if (!address.matches()) {
                return false;
            }
            String port = address.group(3);
            boolean plain = "http".equals(address.group(1)) || (address.group(2).isEmpty() && port != null);
            if (port != null) {
                int number = PortArgument.number(port);
                if (number < 1) {
                    return false; // Caddy refuses it
                }
                into.add(new Bound(number, evidence, "0.0.0.0"));
            }
            if (port == null || !plain) {
                // Of what is served by HTTPS the plain port redirects.
                into.add(new Bound(HTTP, evidence, "0.0.0.0"));
            }
            if (port == null && !plain) {
                into.add(new Bound(HTTPS, evidence, "0.0.0.0"));
            }
        }
        return true;
    }
}
