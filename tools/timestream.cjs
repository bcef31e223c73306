#!/usr/bin/env node
require('./threads.cjs');
void import('./timestream.mjs');
