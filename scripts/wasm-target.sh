#!/usr/bin/env bash
# Prepares a toolchain that compiles Rust, and the C of SQLite, for wasm32-unknown-unknown.
#
# Uses the active toolchain where `rustup target add wasm32-unknown-unknown` was run. Otherwise it
# builds the standard library from Debian's packages, which works where rustup's server is out of reach.
#
#     eval "$(scripts/wasm-target.sh)"
#
# stdout carries nothing but `export` lines, so that it can be evaluated; everything a person
# reads goes to stderr. `set -e` in the caller stops on a failure only when the output is taken
# into a variable first: `exports=$(scripts/wasm-target.sh); eval "$exports"`.
#
# STORE_CONTEXT_WASM_DIR   where a standard library built here is kept
#                          (default: ~/.cache/store-context/wasm)
set -euo pipefail

readonly target=wasm32-unknown-unknown
readonly toolchain=store-context-wasm
readonly cache=${STORE_CONTEXT_WASM_DIR:-${XDG_CACHE_HOME:-${HOME:?HOME is not set}/.cache}/store-context/wasm}
readonly sysroot=$cache/sysroot

say() { printf 'wasm-target: %s\n' "$*" >&2; }
die() {
    say "$*"
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# The workspace's rust-toolchain file, if there is one, must decide what "active" means.
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Left over from an earlier eval in the same shell; the choice is made afresh, because a system
# update may since have replaced the compiler which our standard library was built for.
if [[ ${RUSTUP_TOOLCHAIN:-} == "$toolchain" ]]; then
    unset RUSTUP_TOOLCHAIN CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER
fi

# --- Debian packages -----------------------------------------------------------------------

apt_updated=
as_root=()
if [[ $(id -u) != 0 ]]; then
    as_root=(sudo)
    [[ -t 0 ]] || as_root=(sudo -n) # without a terminal a password prompt would hang or be lost
fi
require_apt() {
    have apt-get || die "$1, and this machine has no apt-get to install it with: $2."
    [[ $(id -u) == 0 ]] || have sudo ||
        die "$1, and installing packages needs root, but there is no sudo: run this script once as root, or $2."
}
apt_update() {
    [[ -z $apt_updated ]] || return 0
    # A fresh machine's package lists are empty or old; a mirror that is down shows at install.
    ${as_root[@]+"${as_root[@]}"} apt-get -qq update >&2 || say "apt-get update failed, going on with the package lists as they are"
    apt_updated=1
}
# --no-remove: rustc-web conflicts with Debian's own rustc, which is not ours to take away.
apt_install() {
    local output
    say "installing $*"
    output=$(${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=120 \
        -o Dpkg::Use-Pty=0 --no-install-recommends --no-remove install "$@" </dev/null 2>&1) || {
        printf '%s\n' "$output" | tail -n 20 >&2
        die "apt-get could not install $*."
    }
}

# The LLVM release whose tools fit the compiler `$1`: its own where Debian has it, because an older
# linker may not read a newer compiler's objects; the newest otherwise.
llvm_release() {
    local own newest
    own=$(llvm_of "$1")
    newest=$(apt-cache pkgnames clang- | sed -n 's/^clang-\([0-9][0-9]*\)$/\1/p' | sort -n | tail -n 1)
    if [[ -n $own && -n $(apt-cache pkgnames "clang-$own") ]]; then
        printf '%s\n' "$own"
    else
        printf '%s\n' "$newest"
    fi
}
llvm_of() { "$1" -vV 2>/dev/null | sed -n 's/^LLVM version: \([0-9]*\).*/\1/p'; }

# Prints the names under which `$1` may be installed, the unversioned first, then newest first.
names_of() {
    local name
    printf '%s\n' "$1"
    compgen -c "$1-" | grep -E "^$1-[0-9]+$" | sort -t- -k"$(dashes "$1")" -rnu || true
    # Homebrew keeps its LLVM off PATH, and Apple's own clang has no wasm backend.
    for name in /opt/homebrew/opt/llvm/bin /usr/local/opt/llvm/bin; do
        [[ ! -x $name/$1 ]] || printf '%s\n' "$name/$1"
    done
}
dashes() { # the field of the release number in NAME-RELEASE, for sort
    local rest=${1//[^-]/}
    printf '%s' $((${#rest} + 2))
}

# --- the C compiler ------------------------------------------------------------------------

# Tried for real: a clang may lack the wasm backend or its own headers.
compiles_c() {
    have "$1" && printf '#include <stddef.h>\nsize_t probe(void) { return 1; }\n' |
        "$1" --target="$target" -x c -c - -o /dev/null 2>/dev/null
}
find_clang() {
    local name
    for name in ${CC_wasm32_unknown_unknown:-} $(names_of clang); do
        if compiles_c "$name"; then
            printf '%s\n' "$name"
            return
        fi
    done
}
# The archiver beside the compiler `$1`, so that the two are of one release. GNU ar will not do: it
# writes no symbol index for wasm objects, and the linker then finds nothing in the archive.
find_archiver() {
    local name
    if [[ -n ${AR_wasm32_unknown_unknown:-} ]] && have "$AR_wasm32_unknown_unknown"; then
        printf '%s\n' "$AR_wasm32_unknown_unknown"
        return
    fi
    for name in "${1/%clang/llvm-ar}" "${1/clang-/llvm-ar-}" $(names_of llvm-ar); do
        if [[ $name == *llvm-ar* ]] && have "$name"; then
            printf '%s\n' "$name"
            return
        fi
    done
}
prepare_c() {
    local rustc=$1 release
    cc=$(find_clang)
    ar=$([[ -z $cc ]] || find_archiver "$cc")
    if [[ -z $cc || -z $ar ]]; then
        require_apt "SQLite's C needs a clang that compiles for wasm32, and llvm-ar" \
            "install LLVM and set CC_wasm32_unknown_unknown and AR_wasm32_unknown_unknown"
        apt_update
        release=$(llvm_release "$rustc")
        [[ -n $release ]] || die "this machine's package lists have no clang."
        apt_install "clang-$release" "llvm-$release"
        cc=$(find_clang)
        ar=$([[ -z $cc ]] || find_archiver "$cc")
        [[ -n $cc && -n $ar ]] || die "clang-$release is installed, but does not compile C for $target."
    fi
}

# --- the Rust target -----------------------------------------------------------------------

target_installed() {
    local dir
    dir=$(rustc --print target-libdir --target "$target" 2>/dev/null) &&
        compgen -G "$dir/libstd-*.rlib" >/dev/null
}

debian_rustc=/usr/bin/rustc
debian_std=/usr/lib/rustlib

# What the built standard library is good for: rlibs are read by exactly the compiler that wrote them.
stamp() { "$debian_rustc" -vV 2>/dev/null; }
sysroot_is_fresh() {
    [[ -f $sysroot/stamp && -x $debian_rustc && $(stamp) == "$(<"$sysroot/stamp")" ]] && find_linker >/dev/null
}

# A linker at least as new as the compiler's LLVM.
find_linker() {
    local name release least
    least=$(llvm_of "$debian_rustc")
    for name in $(names_of wasm-ld); do
        have "$name" || continue
        release=$("$name" --version | sed -n 's/.*LLD \([0-9]*\).*/\1/p')
        if [[ -n $release && $release -ge ${least:-0} ]]; then
            printf '%s\n' "$name"
            return
        fi
    done
    return 1
}

build_std() {
    local work=$cache/build new=$cache/sysroot.new source=$debian_std/src/rust/library log=$cache/build.log
    rm -rf "$work" "$new"
    mkdir -p "$work/library" "$new/lib/rustlib/$target/lib" "$new/bin"

    # Without vendor/: Debian prunes it to what its own targets need.
    tar -C "$source" --exclude=./vendor -cf - . | tar -C "$work/library" -xf -

    say "building the standard library for $target (about a minute)"
    # The caller's flags and wrappers are meant for the caller's crates.
    # RUSTC_BOOTSTRAP and force-unstable: std may use unstable features, and must hide that it does.
    # The metadata keeps these crates apart from a program's own copies of the same crates.
    (
        cd "$work/library/sysroot"
        env -u CARGO_ENCODED_RUSTFLAGS -u RUSTUP_TOOLCHAIN \
            RUSTC_WRAPPER='' RUSTC_WORKSPACE_WRAPPER='' \
            RUSTC_BOOTSTRAP=1 RUSTC="$debian_rustc" RUSTFLAGS=-Zforce-unstable-if-unmarked \
            __CARGO_DEFAULT_LIB_METADATA="$toolchain" CARGO_TARGET_DIR="$work/target" \
            CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER="$linker" \
            /usr/bin/cargo build --locked --profile dist --target "$target" \
            --features "panic-unwind compiler-builtins-mem"
    ) >"$log" 2>&1 </dev/null || {
        tail -n 20 "$log" >&2
        die "the standard library did not build; the whole log is $log."
    }
    cp "$work/target/$target"/dist/deps/*.rlib "$new/lib/rustlib/$target/lib/"

    # rustc takes its sysroot from where its driver library lies. Only the target is new; the
    # host's half, which procedural macros and build scripts need, stays Debian's.
    local host driver
    host=$("$debian_rustc" -vV | sed -n 's/^host: //p')
    ln -s "$debian_std/$host" "$new/lib/rustlib/$host"
    ln -s "$debian_std/src" "$new/lib/rustlib/src"
    driver=$(ldd "$debian_rustc" | sed -n 's/.*=> \(.*librustc_driver[^ ]*\.so\).*/\1/p')
    [[ -n $driver ]] || die "$debian_rustc does not say where its librustc_driver is."
    ln -s "$driver" "$new/lib/"
    printf '#!/bin/sh\nexec %s --sysroot "%s" "$@"\n' "$debian_rustc" "$sysroot" >"$new/bin/rustc"
    printf '#!/bin/sh\nexec /usr/bin/rustdoc --sysroot "%s" "$@"\n' "$sysroot" >"$new/bin/rustdoc"
    chmod +x "$new/bin/rustc" "$new/bin/rustdoc"
    ln -s /usr/bin/cargo "$new/bin/cargo"
    stamp >"$new/stamp" # last, so that an interrupted build is never taken for a finished one

    rm -rf "$sysroot"
    mv "$new" "$sysroot"
    rm -rf "$work"
}

build_on_debian() {
    local instead="run 'rustup target add $target' yourself" missing=() package release

    for package in rustc-web cargo-web rust-web-src; do
        package_installed "$package" || missing+=("$package")
    done
    if ((${#missing[@]})); then
        require_apt "the active toolchain has no target $target" "$instead"
        apt_update
        [[ -n $(apt-cache pkgnames rustc-web) ]] ||
            die "the active toolchain has no target $target, and this system's packages have no rustc-web to build it with: $instead."
        apt_install rustc-web cargo-web rust-web-src # all three, so that their versions stay equal
    fi
    if ! linker=$(find_linker); then
        require_apt "linking for $target needs wasm-ld" "install lld"
        apt_update
        release=$(llvm_release "$debian_rustc")
        apt_install "lld-$release"
        linker=$(find_linker) || die "no wasm-ld as new as the compiler's LLVM could be installed."
    fi
    sysroot_is_fresh || build_std
}
package_installed() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

link_toolchain() {
    [[ $(rustup which --toolchain "$toolchain" rustc 2>/dev/null) -ef $sysroot/bin/rustc ]] ||
        rustup toolchain link "$toolchain" "$sysroot" >&2 || die "rustup could not link $sysroot as $toolchain."
}

# --- the whole -----------------------------------------------------------------------------

rustc=rustc linker='' own=''
if target_installed; then
    say "the active toolchain has $target"
elif have rustup && sysroot_is_fresh; then
    own=1
    say "using the standard library built earlier in $cache"
else
    own=1
    have rustup || die "no compiler for $target was found, and no rustup to prepare one with: install rustup."
    say "the active toolchain has no $target, so it is built from Debian's sources (or run: rustup target add $target)"
    mkdir -p "$cache" 2>/dev/null || die "the cache directory $cache cannot be made: set STORE_CONTEXT_WASM_DIR."
    if have flock; then # two runs at once would build into one directory
        exec 9>"$cache/lock"
        flock 9
    fi
    build_on_debian
fi
if [[ -n $own ]]; then
    linker=$(find_linker)
    rustc=$debian_rustc
    link_toolchain
fi
prepare_c "$rustc"

if [[ -n $own ]]; then
    printf 'export RUSTUP_TOOLCHAIN=%q\n' "$toolchain"
    printf 'export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=%q\n' "$linker"
fi
printf 'export CC_wasm32_unknown_unknown=%q\n' "$cc"
printf 'export AR_wasm32_unknown_unknown=%q\n' "$ar"
