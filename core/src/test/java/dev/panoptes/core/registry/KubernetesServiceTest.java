package dev.panoptes.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.core.yaml.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Service that an agent runs behind, as a registry names it. */
class KubernetesServiceTest {
    @TempDir
    private Path folder;

    private RegistryResult.Loaded load(String kubernetes) throws java.io.IOException {
        Path file = folder.resolve("agent-registry.yaml");
        Files.writeString(
                file, "agents:\n  web: {connection: none, actions: {a: /a}, kubernetes: " + kubernetes + "}\n");
        return (RegistryResult.Loaded) new RegistryLoader().load(file, "agent-registry.yaml");
    }

    private KubernetesService read(String kubernetes) throws java.io.IOException {
        return load(kubernetes).registry().declared().getFirst().kubernetes();
    }

    private List<String> problems(String kubernetes) throws java.io.IOException {
        return load(kubernetes).problems().stream().map(Problem::code).toList();
    }

    @Test
    void aServiceIsNamedWithItsNamespace() throws java.io.IOException {
        assertThat(read("{namespace: shop, service: web, image: 'web@sha256:ab'}"))
                .isEqualTo(new KubernetesService("shop", "web", "web@sha256:ab"));
        assertThat(read("{service: web}")).isEqualTo(new KubernetesService("default", "web", null));
        assertThat(problems("{namespace: shop, service: web}")).isEmpty();
    }

    @Test
    void whatIsNoServiceIsTold() throws java.io.IOException {
        assertThat(problems("{namespace: shop}")).containsExactly("missing");
        assertThat(read("{namespace: shop}")).isNull();
        assertThat(problems("{namespace: Shop, service: web}")).containsExactly("wrong-value");
        assertThat(problems("{namespace: shop, service: '../secrets'}")).containsExactly("wrong-value");
        assertThat(read("{namespace: shop, service: '../secrets'}")).isNull();
        assertThat(problems("shop/web")).isNotEmpty();
        assertThat(problems("{namespace: shop, servce: web}")).hasSize(2).contains("missing");
        assertThat(problems("{ns: shop, service: web}")).hasSize(1);
    }
}
