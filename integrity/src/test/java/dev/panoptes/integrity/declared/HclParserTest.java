package dev.panoptes.integrity.declared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HclParserTest {
    @Test
    void blocksLabelsAndLiteralsAreRead() throws HclParser.Malformed {
        Hcl.Body body = HclParser.parse("""
                # a comment
                job "a b" { // another
                  count = 2 /* and
                  another */
                  names = ["x", "y",]
                  meta = { k = "v", "q" : true }
                  text = <<-EOT
                    line one
                    EOT
                  open = var.x["a"]
                  call = max(1,
                    2)
                  filled = "a ${b("}")} c"
                  plain = "a $${b}"
                  each = [for s in var.l : s if s != ""]
                  last = 1
                }
                """);
        Hcl.Body job = body.all("job").getFirst().body();
        assertThat(body.all("job").getFirst().label()).isEqualTo("a b");
        assertThat(job.text("count")).isEqualTo("2");
        assertThat(job.get("names")).isEqualTo(new Hcl.Items(List.of(new Hcl.Text("x", 5), new Hcl.Text("y", 5)), 5));
        assertThat(job.first("meta")).isNotNull();
        assertThat(job.first("meta").text("q")).isEqualTo("true");
        assertThat(job.text("text")).isEqualTo("    line one\n");
        assertThat(job.isOpen("open")).isTrue();
        assertThat(job.isOpen("call")).isTrue();
        assertThat(job.isOpen("filled")).isTrue();
        assertThat(job.isOpen("each")).isTrue();
        assertThat(job.get("last")).isEqualTo(new Hcl.Text("1", 16));
    }

    @Test
    void jsonIsReadToo() throws HclParser.Malformed {
        Hcl.Body body = HclParser.parse("{\"service\": {\"name\": \"a\\u0062\", \"port\": 80, \"tags\": []}}");
        assertThat(body.first("service")).isNotNull();
        assertThat(body.first("service").text("name")).isEqualTo("ab");
        assertThat(body.first("service").text("port")).isEqualTo("80");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a {",
                "a = [1, 2",
                "a = \"x",
                "a = \"${x",
                "a = <<EOT\nx",
                "a = { b = 1",
                "a b c",
                "}",
                "a = [for x in y : x",
                "a = f(1",
                "= 1",
                "\0\0\0"
            })
    void whatIsNoneIsRefused(String text) {
        assertThatThrownBy(() -> HclParser.parse(text)).isInstanceOf(HclParser.Malformed.class);
    }

    @Test
    void depthAndLengthAreBounded() {
        for (String text : List.of(
                "a {".repeat(100_000),
                "a = " + "[".repeat(200_000),
                "a = " + "{x=".repeat(200_000),
                "a = \"" + "${\"".repeat(200_000),
                "a = [" + "1,".repeat(300_000) + "]")) {
            assertThatThrownBy(() -> HclParser.parse(text)).isInstanceOf(HclParser.Malformed.class);
        }
    }
}
