# One door for every command. `make` prints them.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help build run demo test test-one check it it-reproducible e2e nightly bench mutation golden format dist deb rpm it-packages it-api it-systemd it-journal it-sensors it-container it-kubernetes clean new-check new-rule tools

JAVA_HOME := $(shell sh .mvn/find-jdk)
export JAVA_HOME
MAVEN_OPTS ?= --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
export MAVEN_OPTS
MVN := mvn -B -ntp

help: ## print this
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

jdk:
	@test -n "$(JAVA_HOME)" || sh .mvn/find-jdk

build: jdk ## compile and package into .panoptes, with the start-up cache
	sh .mvn/build "$(JAVA_HOME)"

run: ## run the program: make run ARGS="scan --offline"
	./panoptes $(ARGS)

demo: ## start the example fleet, scan it, stop it
	./panoptes demo

test: jdk ## unit tests of every module
	$(MVN) -q test

test-one: jdk ## one test: make test-one M=core T=RegistryLoaderTest
	@sh .mvn/test-one '$(M)' '$(T)'

tools: ## install what the tests need from the operating system, or name it
	sh .mvn/test-tools

check: jdk tools ## everything that must pass: build, static checks, all tests, the archive
	sh .mvn/check

it: jdk ## tests against real servers, browsers, a real systemd, and the API by a fuzzer
	$(MVN) -q -Dgroups=it test
	@$(MAKE) --no-print-directory it-systemd
	@$(MAKE) --no-print-directory it-journal
	@$(MAKE) --no-print-directory it-sensors
	@$(MAKE) --no-print-directory it-api

it-api: jdk ## the API by two linters and a property-based fuzzer; pip, npm; SEED=N plays the same calls again
	SEED=$(SEED) sh .mvn/api-test

e2e: jdk ## tests of the started program only
	$(MVN) -q -pl cli -am -Dgroups=e2e test

nightly: jdk tools ## kill -9 under load and of sensors, and an hour of broken captures; SEED=N plays a failed run again
	$(MVN) -q -pl sensors -am -Dtest='SpoolCrashTest,ParserFuzzTest' -Dsurefire.failIfNoSpecifiedTests=false \
	    -Dpanoptes.crash.points=500 -Dpanoptes.fuzz.rounds=100000 -Dpanoptes.fuzz.seed=$(if $(SEED),$(SEED),$$(date +%s)) \
	    $(if $(SEED),-Dpanoptes.crash.seed=$(SEED)) test
	$(MVN) -q -pl cli -am -Dtest=CrashTest -Dsurefire.failIfNoSpecifiedTests=false \
	    -Dpanoptes.crash.rounds=50 $(if $(SEED),-Dpanoptes.crash.seed=$(SEED)) test

bench: jdk build ## measure against the peers and write docs/performance.md
	sh bench/run

mutation: jdk ## which small changes make no test fail: make mutation P=checks; integrity/target/pit-reports
	$(MVN) -q -P mutation -pl integrity -am -Dtest=NoTestBut -Dsurefire.failIfNoSpecifiedTests=false \
	    "-Dmutated=dev.panoptes.integrity.$(or $(P),checks).*" "-Dmutated.by=dev.panoptes.integrity.$(or $(P),checks).*" test

golden: jdk ## rewrite golden files; review the diff
	$(MVN) -q -Dpanoptes.golden.update=true test

format: jdk ## format the sources
	$(MVN) -q spotless:apply

dist: jdk ## an archive that needs nothing installed: dist/
	sh packaging/dist

deb: dist ## Debian packages out of the archive: dist/deb/ (rpm: make rpm)
	sh packaging/deb

rpm: dist ## the same and rpm packages: dist/rpm/
	sh packaging/deb --rpm

it-reproducible: jdk ## two builds of this commit are equal byte for byte: archive, bill of materials, packages
	sh packaging/reproducible

it-packages: deb ## install, upgrade, remove and purge the packages in a system tree; root, debootstrap
	sh packaging/deb-test

it-systemd: jdk ## the verdicts on units against a real systemd in a tree of its own; root, debootstrap
	@! packaging/systemd-test --can || { $(MAKE) --no-print-directory dist && packaging/systemd-test .panoptes/tools/tree; }

it-journal: jdk ## what the sensor auth tells live against what happened, from a journald in a tree of its own; root, debootstrap
	@! packaging/journal-test --can || { $(MAKE) --no-print-directory dist && packaging/journal-test .panoptes/tools/journal-tree; }

it-sensors: jdk ## server and daemon in a tree of their own: what happens there has to be events within seconds; root
	@! packaging/sensors-test --can || $(MAKE) --no-print-directory build
	@packaging/sensors-test

it-container: ## build the image, run it, the compose file and podman, and look at containers, on engines of their own; root, docker.io, docker compose, podman, debootstrap, busybox-static
	sh packaging/container/test
	sh packaging/container/observe-test ./panoptes
	sh packaging/compose/test
	sh packaging/container/podman-test ./panoptes

it-kubernetes: ## validate the manifests, apply them to a real API server and look at it; kustomize, helm, kubeconform, Go, kubectl
	packaging/kubernetes/check
	packaging/kubernetes/observe-test "$$(packaging/kubernetes/tools .panoptes/tools)" ./panoptes

.PHONY: it-sigma
it-sigma: ## compare the matcher with an evaluator on top of pySigma; python3, PyPI
	sh detection/sigma-test/check ./panoptes

new-check: ## a new check: make new-check NAME=my-check GROUP=registry
	sh .mvn/new-check "$(NAME)" "$(GROUP)"

new-rule: ## a new detection rule with its cases: make new-rule NAME=my_rule
	sh .mvn/new-rule "$(NAME)"

clean: ## remove everything that was built
	rm -rf .panoptes dist */target target
