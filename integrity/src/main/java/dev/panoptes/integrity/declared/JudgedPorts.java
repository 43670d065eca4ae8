package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import dev.panoptes.code.PortValue;
import dev.panoptes.integrity.declared.PortMentions.LocalPort;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The places whose port a check that knows their format judges: the same host and port of the same file are judged there. */
final class JudgedPorts {
    private static final Pattern ASKED =
            Pattern.compile("(?:localhost|127\\.0\\.0\\.1|\\[::1]|0\\.0\\.0\\.0):([0-9]{2,5})");
    private static final Pattern SCRIPT = Pattern.compile("[\\w./-]{1,200}\\.(sh|py|js|mjs|cjs|ts|rb|php)\\b");

    private final Set<String> places = new HashSet<>();
    private final Set<String> variables = new HashSet<>();
    /** Names of files that health checks run, which are judged with them. */
    private final Set<String> scripts = new HashSet<>();

    /** Files of Kubernetes, whose keys of ports have checks of their own. */
    private final Set<String> manifests = new HashSet<>();

    JudgedPorts(
            List<ComposeFile> composeFiles,
            List<Dockerfile> dockerfiles,
            List<HostProxy> proxies,
            List<LocalPort> local,
            List<Workload> workloads,
            Manifests declared) {
        for (ComposeFile file : composeFiles) {
            for (ComposeFile.Upstream upstream : file.project().upstreams()) {
                add(upstream.file(), upstream.host(), upstream.port());
                file.project().files().forEach(each -> add(each, upstream.host(), upstream.port()));
                if (upstream.text().contains("localhost") || upstream.text().contains("127.0.0.1")) {
                    add(upstream.file(), NamedPlaces.LOCAL, upstream.port());
                }
                int end = upstream.text().indexOf(" asks ");
                if (end > 0) {
                    variables.add(key(upstream.text().substring(0, end), upstream.host(), upstream.port()));
                }
            }
            file.services().forEach(this::health);
        }
        for (Dockerfile dockerfile : dockerfiles) {
            for (Dockerfile.Stage stage : dockerfile.stages()) {
                Invocation check = stage.healthcheck();
                if (check != null) {
                    health(dockerfile.rootPath(), check.words());
                }
            }
        }
        for (HostProxy proxy : proxies) {
            proxy.asked().forEach(asked -> add(proxy.file(), NamedPlaces.LOCAL, asked.port()));
        }
        for (LocalPort each : local) {
            add(each.file(), NamedPlaces.LOCAL, each.port());
        }
        for (Manifests.ManifestSet set : declared.sets()) {
            set.workloads().forEach(each -> manifests.add(each.identity().file()));
            set.services().forEach(each -> manifests.add(each.identity().file()));
        }
        for (Workload workload : workloads) {
            workload.asked().forEach(asked -> {
                if (asked.port() instanceof PortValue.Known(int port, String _)) {
                    add(workload.file(), NamedPlaces.LOCAL, port);
                }
            });
        }
    }

    /** True where the format of the file is known, and so what this port is. */
    boolean contains(String file, String host, int port) {
        return places.contains(key(file, host, port))
                || (host.equals(NamedPlaces.LOCAL) && scripts.contains(PathNames.last(file)));
    }

    /** True where a service is known to be given the variable with this address. */
    boolean given(String variable, String host, int port) {
        return variables.contains(key(variable, host, port));
    }

    /** True for objects of Kubernetes, whose keys of ports have checks of their own. */
    boolean isManifest(String file) {
        return manifests.contains(file);
    }

    private void health(ComposeFile.Service service) {
        ComposeFile.HealthcheckPort asked = service.healthcheck();
        if (asked != null && asked.port() instanceof PortValue.Known(int port, String _)) {
            add(asked.file(), NamedPlaces.LOCAL, port);
        }
        String file = service.details().healthcheckFile();
        health(file == null ? service.file() : file, service.details().healthcheckTest());
    }

    private void health(String file, List<String> words) {
        for (String word : words) {
            Matcher asked = ASKED.matcher(word);
            while (asked.find()) {
                add(file, NamedPlaces.LOCAL, Integer.parseInt(asked.group(1)));
            }
            Matcher script = SCRIPT.matcher(word);
            while (runsScript(word) && script.find()) {
                scripts.add(PathNames.last(script.group()));
            }
        }
    }

    private static boolean runsScript(String word) {
        return word.contains(".sh")
                || word.contains(".py")
                || word.contains(".js")
                || word.contains(".mjs")
                || word.contains(".cjs")
                || word.contains(".ts")
                || word.contains(".rb")
                || word.contains(".php");
    }

    private void add(String file, String host, int port) {
        places.add(key(file, host.equals("127.0.0.1") ? NamedPlaces.LOCAL : host, port));
    }

    private static String key(String where, String host, int port) {
        return where + "\0" + host.toLowerCase(Locale.ROOT) + "\0" + port;
    }
}
