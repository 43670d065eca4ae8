package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What nginx's and PHP's own images listen on as they are configured. */
class WebServerPortsTest {
    @TempDir
    private Path root;

    private FleetTree tree;

    @BeforeEach
    void plant() {
        tree = new FleetTree(root);
    }

    /** An image of nginx with these lines; it is published on 80 and on 3000. */
    private void nginx(String name, String... lines) {
        tree.file(name + "/Dockerfile", "FROM nginx:1.27-alpine", String.join("\n", lines))
                .file(
                        name + "/compose.yaml",
                        "services:",
                        "  eighty: {build: ., ports: ['80']}",
                        "  other: {build: ., ports: ['3000']}")
                .file(name + "/site.conf", "server {", "  # listen 80;", "  listen 3000;", "}")
                .file(
                        name + "/both.conf",
                        "server { listen unix:/run/a.sock; listen 80; }",
                        "server { listen [::]:3000; }")
                .file(name + "/odd.conf", "include /etc/nginx/more/*.conf;", "server { listen 3000; }")
                .file(name + "/beyond.conf", "server { listen 99999; listen 0; }", "server { listen 3000; }")
                .file(name + "/none.conf", "server { server_name a; }", "server { listen 3000; }")
                .file(name + "/main.conf", "http {", "  include mime.types;", "  server { listen 3000; }", "}")
                .file(name + "/sites.conf", "http {", "  include /etc/nginx/conf.d/*.conf;", "}")
                .file(name + "/var.template", "server { listen ${PORT}; }");
    }

    private List<String> verdicts() throws InterruptedException {
        return tree.verdicts(new PortMismatchComposeContainerCheck()).stream()
                .map(line -> line.replaceFirst("[ :](?:\\[| ).*", "").replace("/compose.yaml#", " "))
                .toList();
    }

    @Test
    void nginxListensWhereItsConfigurationSays() throws InterruptedException {
        nginx("site", "COPY site.conf /etc/nginx/conf.d/default.conf");
        nginx("beside", "COPY site.conf /etc/nginx/conf.d/");
        nginx("instead", "RUN rm /etc/nginx/conf.d/default.conf", "COPY site.conf /etc/nginx/conf.d/");
        nginx("both", "COPY both.conf /etc/nginx/conf.d/default.conf");
        nginx("main", "COPY main.conf /etc/nginx/nginx.conf", "CMD [\"nginx\", \"-g\", \"daemon off;\"]");
        nginx("sites", "COPY sites.conf /etc/nginx/nginx.conf");
        nginx("var", "ENV PORT=3000", "COPY var.template /etc/nginx/templates/default.conf.template");
        assertThat(verdicts())
                .containsExactly(
                        "fail instead eighty",
                        "fail main eighty",
                        "fail site eighty",
                        "fail sites other",
                        "fail var eighty",
                        "pass beside eighty",
                        "pass beside other",
                        "pass both eighty",
                        "pass both other",
                        "pass instead other",
                        "pass main other",
                        "pass site other",
                        "pass sites eighty",
                        "pass var other");
    }

    @Test
    void whatCannotBeFollowedAccusesNobody() throws InterruptedException {
        nginx("odd", "COPY odd.conf /etc/nginx/conf.d/default.conf");
        nginx("beyond", "COPY beyond.conf /etc/nginx/conf.d/default.conf");
        nginx("none", "COPY none.conf /etc/nginx/conf.d/default.conf");
        nginx("folder", "COPY conf /etc/nginx/conf.d");
        nginx("stage", "COPY --from=company/conf /x.conf /etc/nginx/conf.d/default.conf");
        nginx(
                "run",
                "COPY site.conf /etc/nginx/conf.d/default.conf",
                "RUN sed -i s/3000/80/ /etc/nginx/conf.d/default.conf");
        nginx("unset", "COPY var.template /etc/nginx/templates/default.conf.template");
        nginx("script", "COPY site.conf /etc/nginx/conf.d/default.conf", "CMD [\"/start.sh\"]");
        nginx("gone", "COPY gone.conf /etc/nginx/conf.d/default.conf");
        assertThat(verdicts()).noneMatch(line -> line.startsWith("fail"));
    }

    @Test
    void aMountedConfigurationCountsAsACopiedOne() throws InterruptedException {
        nginx("a");
        tree.file(
                "a/compose.yaml",
                "services:",
                "  told:",
                "    image: nginx",
                "    ports: ['80']",
                "    volumes: ['./site.conf:/etc/nginx/conf.d/default.conf:ro', './certs:/etc/nginx/certs']",
                "  right:",
                "    image: nginx",
                "    ports: ['3000']",
                "    volumes: ['./site.conf:/etc/nginx/conf.d/default.conf:ro']",
                "  open:",
                "    image: nginx",
                "    ports: ['80']",
                "    volumes: ['./conf:/etc/nginx/conf.d']");
        assertThat(verdicts()).contains("fail a told", "pass a right").doesNotContain("fail a open");
    }

    @Test
    void phpListensAsItsImageDoes() throws InterruptedException {
        tree.file(
                        "ini/Dockerfile",
                        "FROM php:8.3-fpm-alpine",
                        "COPY x.ini /usr/local/etc/php/conf.d/",
                        "CMD [\"php-fpm\", \"-F\"]")
                .file("ini/x.ini", "")
                .file("pool/Dockerfile", "FROM php:8.3-fpm", "COPY www.conf /usr/local/etc/php-fpm.d/")
                .file("pool/www.conf", "")
                .file("apache/Dockerfile", "FROM php:8-apache", "RUN a2enmod rewrite")
                .file("moved/Dockerfile", "FROM php:8-apache", "RUN sed -i s/80/8080/ /etc/apache2/ports.conf")
                .file("cli/Dockerfile", "FROM php:8-cli", "CMD [\"php\", \"-S\", \"0.0.0.0:8080\"]")
                .file(
                        "compose.yaml",
                        "services:",
                        "  ini: {build: ini, ports: ['9001']}",
                        "  pool: {build: pool, ports: ['9001']}",
                        "  apache: {build: apache, ports: ['8080']}",
                        "  right: {build: apache, ports: ['80']}",
                        "  moved: {build: moved, ports: ['8080']}",
                        "  pulled: {image: 'php:8-fpm', ports: ['9000']}",
                        "  cli: {build: cli, ports: ['9000']}");
        assertThat(tree.verdicts(new PortMismatchComposeContainerCheck()))
                .extracting(line -> line.replaceFirst("(:| \\[).*", ""))
                .contains(
                        "fail compose.yaml#apache",
                        "fail compose.yaml#ini",
                        "pass compose.yaml#pulled",
                        "pass compose.yaml#right")
                .doesNotContain("fail compose.yaml#moved", "fail compose.yaml#pool");
    }

    private void caddy(String name, String... lines) {
        tree.file(name + "/Caddyfile", lines)
                .file(
                        name + "/compose.yaml",
                        "services:",
                        "  own: {image: caddy:2, ports: ['443'], volumes: ['./Caddyfile:/etc/caddy/Caddyfile']}",
                        "  other: {image: caddy:2, ports: ['8080'], volumes: ['.:/etc/caddy']}");
    }

    @Test
    void caddyListensAtTheAddressesOfItsSites() throws InterruptedException {
        caddy("port", ":8080 {", "  respond ok", "}");
        caddy(
                "name",
                "{",
                "  email a@example.org",
                "}",
                "a.example.org,",
                "b.example.org {",
                "  header {",
                "    X y",
                "  }",
                "}");
        caddy("plain", "http://a.example.org:8080 {", "}");
        caddy("variable", ":{$PORT:8080} {", "}");
        caddy("alone", ":8080", "", "reverse_proxy api:80 {", "  lb_policy first", "}");
        caddy("unset", ":{$PORT} {", "}");
        caddy("moved", "{", "  http_port 8080", "}", "http:// {", "}");
        caddy("parts", "import sites/*");
        assertThat(verdicts())
                .contains(
                        "fail alone own",
                        "fail name other",
                        "fail plain own",
                        "fail port own",
                        "fail variable own",
                        "pass alone other",
                        "pass name own",
                        "pass plain other",
                        "pass port other",
                        "pass variable other")
                .doesNotContain(
                        "fail unset own", "fail unset other", "fail moved own", "fail moved other", "fail parts other");
    }

    private void supervised(String name, String base, String install, String... lines) {
        tree.file(name + "/site.conf", "server { listen 80; }")
                .file(
                        name + "/supervisord.conf",
                        "[program:nginx]",
                        "command=nginx -g \"daemon off;\"",
                        "[program:fpm]",
                        "command=php-fpm -F")
                .file(
                        name + "/Dockerfile",
                        "FROM " + base,
                        "RUN " + install,
                        String.join("\n", lines),
                        "COPY supervisord.conf /etc/supervisor/conf.d/all.conf",
                        "CMD [\"supervisord\", \"-c\", \"/etc/supervisor/supervisord.conf\"]")
                .file(
                        name + "/compose.yaml",
                        "services:",
                        "  eighty: {build: ., ports: ['80']}",
                        "  other: {build: ., ports: ['8080']}");
    }

    @Test
    void anInstalledNginxIsReadToo() throws InterruptedException {
        supervised(
                "apk", "php:8-fpm-alpine", "apk add nginx supervisor", "COPY site.conf /etc/nginx/http.d/default.conf");
        supervised(
                "apt",
                "php:8-fpm",
                "apt-get install -y nginx && rm -f /x /etc/nginx/sites-enabled/default",
                "COPY site.conf /etc/nginx/conf.d/");
        supervised("cli", "php:8-cli", "apt-get install -y nginx", "COPY site.conf /etc/nginx/sites-enabled/default");
        supervised(
                "sed", "php:8-fpm", "apt-get install -y nginx && sed -i s/80/8080/ /etc/nginx/sites-enabled/default");
        assertThat(verdicts())
                .contains("fail apk other", "fail apt other", "pass apk eighty", "pass apt eighty")
                .doesNotContain("fail cli other", "fail sed other");
    }
}
