#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# make_certificates.sh FOLDER: an authority, a bundle with it and this machine's, and certificates of
# servers: one that is right for 10.0.0.1 and server.test, one that has expired, one for another name,
# and one from an authority that nobody knows.
set -eu
folder=$1
rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"

# authority NAME: a certificate that may sign others.
authority() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 \
    -subj "/CN=$1" -keyout "$1-key.pem" -out "$1.pem" 2>>log
}

# server NAME AUTHORITY SUBJECT-NAMES DAYS
server() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" \
    -keyout "$1-key.pem" -out "$1.csr" 2>>log
  printf 'subjectAltName=%s\n' "$3" >"$1.ext"
  openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2-key.pem" -CAcreateserial \
    -days "$4" -extfile "$1.ext" -out "$1.pem" 2>>log
}

authority known
authority unknown
server right known DNS:server.test,IP:10.0.0.1 3650
server expired known DNS:server.test,IP:10.0.0.1 -1
server elsewhere known DNS:elsewhere.test,IP:10.0.0.9 3650
server stranger unknown DNS:server.test,IP:10.0.0.1 3650
cat /etc/ssl/certs/ca-certificates.crt known.pem >bundle.pem
touch made
