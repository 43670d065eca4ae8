package dev.panoptes.integrity.declared;

import dev.panoptes.code.command.PortArgument;
import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.declared.Hcl.Block;
import dev.panoptes.integrity.declared.Hcl.Body;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the service definitions of Consul in HCL and JSON (Consul, "Services configuration reference"). */
final class ConsulServices {
    private static final int MOST = 1_000;
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1", "[::1]", "0.0.0.0");
    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:/\\s]{1,255}):([0-9]{1,5})(?:/.*)?");
    /** What a definition holds beside a name: without one of these a block of that name is another program's. */
    private static final Set<String> OWN =
            Set.of("port", "address", "check", "checks", "tags", "connect", "id", "meta", "tagged_addresses");

    private ConsulServices() {}

    /** True for a file that may hold definitions. */
    static boolean isCalledSo(String file) {
        String lower = file.toLowerCase(Locale.ROOT);
        return lower.endsWith(".hcl")
                ? NomadJobs.isCalledSo(file)
                : lower.endsWith(".json")
                        && lower.substring(Math.max(0, lower.lastIndexOf('/', lower.lastIndexOf('/') - 1)))
                                .contains("consul");
    }

    static List<ServiceEntry> read(String file, Body content) {
        List<ServiceEntry> entries = new ArrayList<>();
        if (!content.all("job").isEmpty()) {
            return entries;
        }
        List<Block> services = new ArrayList<>(content.all("service"));
        services.addAll(content.all("services"));
        for (Block service : services) {
            String name = service.body().text("name");
            boolean own = OWN.stream()
                    .anyMatch(key -> service.body().get(key) != null
                            || !service.body().all(key).isEmpty());
            if (name != null && !name.isBlank() && service.labels().isEmpty() && own && entries.size() < MOST) {
                entries.add(entry(file, name, service));
            }
        }
        return entries;
    }

    private static ServiceEntry entry(String file, String name, Block service) {
        Body body = service.body();
        String id = body.text("id");
        String port = body.text("port");
        int number = port == null ? -1 : PortArgument.number(port);
        String address = body.text("address");
        List<ServiceEntry.Check> checks = new ArrayList<>();
        List<Block> written = new ArrayList<>(body.all("check"));
        written.addAll(body.all("checks"));
        for (Block check : written) {
            ServiceEntry.Check read = check(file, check.body());
            if (read != null) {
                checks.add(read);
            }
        }
        return new ServiceEntry(
                name,
                id == null ? name : id,
                file,
                body.get("port") == null ? service.line() : body.line("port"),
                address == null || address.isBlank() ? null : address,
                number >= 1 ? number : null,
                checks);
    }

    private static ServiceEntry.@Nullable Check check(String file, Body check) {
        for (String kind : List.of("http", "tcp", "grpc")) {
            String target = check.text(kind);
            if (target == null) {
                continue;
            }
            Evidence evidence = new Evidence("launch", file, check.line(kind), kind + " = " + target);
            if (kind.equals("http")) {
                return http(target, evidence);
            }
            Matcher asked = ADDRESS.matcher(target);
            return asked.matches() && PortArgument.number(asked.group(2)) >= 1
                    ? new ServiceEntry.Check(
                            PortArgument.number(asked.group(2)), LOOPBACK.contains(asked.group(1)), evidence)
                    : null;
        }
        return null;
    }

    private static ServiceEntry.@Nullable Check http(String target, Evidence evidence) {
        try {
            URI uri = new URI(target);
            String host = uri.getHost();
            if (host == null) {
                return null;
            }
            int port = uri.getPort() > 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
            return port <= 65_535 ? new ServiceEntry.Check(port, LOOPBACK.contains(host), evidence) : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
