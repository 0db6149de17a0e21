CREATE TABLE anchor (
	text_sha256 TEXT NOT NULL, 
	remote TEXT NOT NULL, 
	head TEXT NOT NULL, 
	n_operations INTEGER NOT NULL, 
	received_at TEXT NOT NULL, 
	public_key TEXT NOT NULL, 
	receipt TEXT NOT NULL, 
	PRIMARY KEY (text_sha256)
)
 STRICT
-----
CREATE TABLE attachment (
	id TEXT NOT NULL, 
	of_kind TEXT NOT NULL, 
	of_id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	sha256 TEXT NOT NULL, 
	n_bytes INTEGER, 
	media_type TEXT DEFAULT '' NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	added_by TEXT DEFAULT '' NOT NULL, 
	added_at TEXT, 
	kept INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_attachment_kept CHECK (kept IN (0, 1)), 
	papers TEXT DEFAULT '[]' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_attachment_of_kind CHECK (of_kind IN ('instrument', 'fee_schedule', 'service_record', 'cost_row', 'receipt', 'payout_run', 'pilot_base', 'pilot_equipment', 'voucher_claim', 'purchase_proposal', 'transfer', 'integrity_answer', 'management_document', 'training', 'staff_fact', 'outside_use')), 
	CONSTRAINT ck_attachment_sha256 CHECK (length(sha256) = 64 AND NOT sha256 GLOB '*[^0-9a-f]*'), 
	CONSTRAINT ck_attachment_n_bytes CHECK (n_bytes BETWEEN 1 AND 52428800), 
	CONSTRAINT ck_attachment_name CHECK (name <> ''), 
	CONSTRAINT ck_attachment_papers CHECK (papers = '[]' OR of_kind = 'outside_use')
)
 STRICT
-----
CREATE TABLE calendar_day (
	id TEXT NOT NULL, 
	day TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_calendar_day_day UNIQUE (day)
)
 STRICT
-----
CREATE TABLE catalogue_entry (
	remote TEXT NOT NULL, 
	id TEXT NOT NULL, 
	institution_name TEXT NOT NULL, 
	name TEXT NOT NULL, 
	place TEXT DEFAULT '' NOT NULL, 
	searched TEXT NOT NULL, 
	body TEXT NOT NULL, 
	fee_fen INTEGER, 
	round INTEGER NOT NULL, 
	PRIMARY KEY (remote, id, institution_name)
)
 WITHOUT ROWID,
 STRICT
-----
CREATE TABLE codebook (
	remote TEXT NOT NULL, 
	name TEXT NOT NULL, 
	version TEXT NOT NULL, 
	content TEXT NOT NULL, 
	read_at TEXT NOT NULL, 
	PRIMARY KEY (remote, name)
)
 WITHOUT ROWID,
 STRICT
-----
CREATE TABLE customer (
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	internal INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_customer_internal CHECK (internal IN (0, 1)), 
	uscc TEXT DEFAULT '' NOT NULL, 
	nature TEXT DEFAULT '' NOT NULL, 
	city TEXT DEFAULT '' NOT NULL, 
	industry TEXT DEFAULT '' NOT NULL, 
	n_staff INTEGER, 
	revenue_wan TEXT, 
	size_class TEXT DEFAULT '' NOT NULL, 
	size_on TEXT, 
	contact TEXT DEFAULT '' NOT NULL, 
	phone TEXT DEFAULT '' NOT NULL, 
	department TEXT DEFAULT '' NOT NULL, 
	imported TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_customer_name CHECK (name <> ''), 
	CONSTRAINT uq_customer_name UNIQUE (name)
)
 STRICT
-----
CREATE TABLE evidence_part (
	sha256 TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	content BLOB NOT NULL, 
	PRIMARY KEY (sha256, number)
)
 STRICT
-----
CREATE TABLE institution (
	id TEXT NOT NULL, 
	name TEXT DEFAULT '' NOT NULL, 
	uscc TEXT DEFAULT '' NOT NULL, 
	kind TEXT DEFAULT '' NOT NULL, 
	region TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id)
)
 STRICT
-----
CREATE TABLE instrument (
	id TEXT NOT NULL, 
	asset_number TEXT NOT NULL, 
	name TEXT DEFAULT '' NOT NULL, 
	value_fen INTEGER, 
	fiscal INTEGER CONSTRAINT ck_instrument_fiscal CHECK (fiscal IN (0, 1)), 
	confidential INTEGER CONSTRAINT ck_instrument_confidential CHECK (confidential IN (0, 1)), 
	accepted_on TEXT, 
	booked_on TEXT, 
	network_number TEXT DEFAULT '' NOT NULL, 
	joined_on TEXT, 
	filing_number TEXT DEFAULT '' NOT NULL, 
	filed_on TEXT, 
	secrecy_level TEXT DEFAULT '' NOT NULL, 
	english_name TEXT DEFAULT '' NOT NULL, 
	carrier_type TEXT DEFAULT '' NOT NULL, 
	carrier_number TEXT DEFAULT '' NOT NULL, 
	department TEXT DEFAULT '' NOT NULL, 
	class_code TEXT DEFAULT '' NOT NULL, 
	source TEXT DEFAULT '' NOT NULL, 
	customs_supervised INTEGER CONSTRAINT ck_instrument_customs_supervised CHECK (customs_supervised IN (0, 1)), 
	country TEXT DEFAULT '' NOT NULL, 
	manufacturer TEXT DEFAULT '' NOT NULL, 
	category TEXT DEFAULT '' NOT NULL, 
	model TEXT DEFAULT '' NOT NULL, 
	technical TEXT DEFAULT '' NOT NULL, 
	functions TEXT DEFAULT '' NOT NULL, 
	subjects TEXT DEFAULT '' NOT NULL, 
	funds TEXT DEFAULT '' NOT NULL, 
	service_content TEXT DEFAULT '' NOT NULL, 
	image TEXT DEFAULT '' NOT NULL, 
	yearly_hours TEXT, 
	user_notes TEXT DEFAULT '' NOT NULL, 
	fee_text TEXT DEFAULT '' NOT NULL, 
	booking_url TEXT DEFAULT '' NOT NULL, 
	province TEXT DEFAULT '' NOT NULL, 
	city TEXT DEFAULT '' NOT NULL, 
	county TEXT DEFAULT '' NOT NULL, 
	street TEXT DEFAULT '' NOT NULL, 
	external_hours TEXT, 
	contact TEXT DEFAULT '' NOT NULL, 
	phone TEXT DEFAULT '' NOT NULL, 
	email TEXT DEFAULT '' NOT NULL, 
	address TEXT DEFAULT '' NOT NULL, 
	postcode TEXT DEFAULT '' NOT NULL, 
	declaration_number TEXT DEFAULT '' NOT NULL, 
	declaration_item TEXT DEFAULT '' NOT NULL, 
	released_on TEXT, 
	declared_name TEXT DEFAULT '' NOT NULL, 
	retired_on TEXT, 
	imported TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_instrument_value CHECK (value_fen >= 0), 
	CONSTRAINT ck_instrument_secrecy_level CHECK (secrecy_level IN ('', 'confidential', 'secret', 'top_secret')), 
	CONSTRAINT ck_instrument_asset_number CHECK (asset_number <> ''), 
	CONSTRAINT uq_instrument_asset_number UNIQUE (asset_number)
)
 STRICT
-----
CREATE TABLE journal (
	seq INTEGER NOT NULL, 
	operation INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	verb TEXT NOT NULL, 
	old TEXT, 
	PRIMARY KEY (seq)
)
 STRICT
-----
CREATE TABLE journal_after (
	kind TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	operation INTEGER NOT NULL, 
	digest TEXT, 
	PRIMARY KEY (kind, "key", operation)
)
 WITHOUT ROWID,
 STRICT
-----
CREATE TABLE management_document (
	id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	number TEXT NOT NULL, 
	title TEXT NOT NULL, 
	issued_on TEXT NOT NULL, 
	from_on TEXT NOT NULL, 
	last_on TEXT, 
	issuer TEXT DEFAULT '' NOT NULL, 
	party TEXT DEFAULT '' NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	noted_by TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_management_document_kind CHECK (kind IN ('sharing', 'fees', 'flow', 'safety', 'data', 'income', 'incentive', 'other', 'ip_agreement')), 
	CONSTRAINT ck_management_document_told CHECK (number <> '' AND title <> ''), 
	CONSTRAINT ck_management_document_days CHECK (last_on IS NULL OR last_on >= from_on), 
	CONSTRAINT ck_management_document_party CHECK ((kind = 'ip_agreement') = (party <> '')), 
	CONSTRAINT uq_management_document_number UNIQUE (number)
)
 STRICT
-----
CREATE TABLE national_content (
	message_id TEXT NOT NULL, 
	content BLOB NOT NULL, 
	PRIMARY KEY (message_id)
)
 STRICT
-----
CREATE TABLE national_message (
	id TEXT NOT NULL, 
	number TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	unit TEXT NOT NULL, 
	address TEXT NOT NULL, 
	period TEXT NOT NULL, 
	n_rows INTEGER NOT NULL, 
	n_bytes INTEGER NOT NULL, 
	sha256 TEXT NOT NULL, 
	personal INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_national_message_personal CHECK (personal IN (0, 1)), 
	written_at TEXT NOT NULL, 
	written_by TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_national_message_kind CHECK (kind IN ('4', '5', '6', '7')), 
	CONSTRAINT ck_national_message_n_rows CHECK (n_rows > 0), 
	CONSTRAINT ck_national_message_sha256 CHECK (length(sha256) = 64 AND NOT sha256 GLOB '*[^0-9a-f]*'), 
	CONSTRAINT uq_national_message_number UNIQUE (number)
)
 STRICT
-----
CREATE TABLE national_row (
	message_id TEXT NOT NULL, 
	row_key TEXT NOT NULL, 
	sha256 TEXT NOT NULL, 
	PRIMARY KEY (message_id, row_key)
)
 WITHOUT ROWID,
 STRICT
-----
CREATE TABLE network_evaluation (
	remote TEXT NOT NULL, 
	id TEXT NOT NULL, 
	year INTEGER NOT NULL, 
	grade TEXT NOT NULL, 
	score TEXT, 
	evaluated_on TEXT, 
	PRIMARY KEY (remote, id, year)
)
 WITHOUT ROWID,
 STRICT
-----
CREATE TABLE notice (
	remote TEXT NOT NULL, 
	id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	title TEXT DEFAULT '' NOT NULL, 
	text TEXT DEFAULT '' NOT NULL, 
	issued_on TEXT DEFAULT '' NOT NULL, 
	due_on TEXT, 
	received_at TEXT NOT NULL, 
	read_at TEXT, 
	read_by TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (remote, id)
)
 WITHOUT ROWID,
 STRICT
-----
CREATE TABLE notice_answer (
	id TEXT NOT NULL, 
	notice_id TEXT NOT NULL, 
	text TEXT NOT NULL, 
	answered_on TEXT NOT NULL, 
	answered_by TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_notice_answer_text CHECK (text <> '')
)
 STRICT
-----
CREATE TABLE open_operation (
	one INTEGER NOT NULL CONSTRAINT ck_open_operation_one CHECK (one = 1), 
	seq INTEGER NOT NULL, 
	PRIMARY KEY (one)
)
 STRICT
-----
CREATE TABLE operation (
	seq INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	who TEXT NOT NULL, 
	at TEXT NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	params TEXT DEFAULT '{}' NOT NULL, 
	undoable INTEGER DEFAULT '1' NOT NULL CONSTRAINT ck_operation_undoable CHECK (undoable IN (0, 1)), 
	undoes INTEGER, 
	n_rows INTEGER NOT NULL, 
	previous TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	PRIMARY KEY (seq), 
	CONSTRAINT uq_operation_undoes UNIQUE (undoes)
)
 STRICT
-----
CREATE TABLE package (
	digest TEXT NOT NULL, 
	remote TEXT NOT NULL, 
	device_id TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	state TEXT NOT NULL CONSTRAINT ck_package_state CHECK (state IN ('awaiting', 'answered', 'refused', 'replaced')), 
	epoch TEXT DEFAULT '' NOT NULL, 
	cursor TEXT DEFAULT '' NOT NULL, 
	tail_sha256 TEXT DEFAULT '' NOT NULL, 
	n_changes INTEGER NOT NULL, 
	n_withheld INTEGER NOT NULL, 
	n_bytes INTEGER NOT NULL, 
	made_at TEXT NOT NULL, 
	answered_at TEXT DEFAULT '' NOT NULL, 
	told TEXT DEFAULT '' NOT NULL, 
	content BLOB NOT NULL, 
	PRIMARY KEY (digest)
)
 STRICT
-----
CREATE TABLE parameter (
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	from_on TEXT NOT NULL, 
	value TEXT NOT NULL, 
	unit TEXT DEFAULT '' NOT NULL, 
	document TEXT NOT NULL, 
	clause TEXT DEFAULT '' NOT NULL, 
	certainty TEXT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_parameter_name_from_on UNIQUE (name, from_on)
)
 STRICT
-----
CREATE TABLE person (
	id TEXT NOT NULL, 
	name TEXT DEFAULT '' NOT NULL, 
	role TEXT DEFAULT '' NOT NULL, 
	pin_hash TEXT DEFAULT 'elsewhere' NOT NULL, 
	active INTEGER DEFAULT '1' NOT NULL CONSTRAINT ck_person_active CHECK (active IN (0, 1)), 
	PRIMARY KEY (id), 
	CONSTRAINT uq_person_name UNIQUE (name)
)
 STRICT
-----
CREATE TABLE pilot_base (
	id TEXT NOT NULL, 
	number TEXT NOT NULL, 
	name TEXT NOT NULL, 
	fields TEXT DEFAULT '' NOT NULL, 
	process TEXT DEFAULT '' NOT NULL, 
	capacity TEXT DEFAULT '' NOT NULL, 
	services TEXT DEFAULT '' NOT NULL, 
	site TEXT DEFAULT '' NOT NULL, 
	started_on TEXT, 
	market INTEGER CONSTRAINT ck_pilot_base_market CHECK (market IN (0, 1)), 
	market_how TEXT DEFAULT '' NOT NULL, 
	contact TEXT DEFAULT '' NOT NULL, 
	phone TEXT DEFAULT '' NOT NULL, 
	retired_on TEXT, 
	imported TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_pilot_base_named CHECK (number <> '' AND name <> ''), 
	CONSTRAINT uq_pilot_base_number UNIQUE (number)
)
 STRICT
-----
CREATE TABLE printed_report (
	id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	period TEXT DEFAULT '' NOT NULL, 
	printed_on TEXT NOT NULL, 
	person TEXT DEFAULT '' NOT NULL, 
	format TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	parameters_hash TEXT DEFAULT '' NOT NULL, 
	ledger_head TEXT DEFAULT '' NOT NULL, 
	figures TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id)
)
 STRICT
-----
CREATE TABLE province_search (
	id TEXT NOT NULL, 
	searched_on TEXT NOT NULL, 
	asked TEXT DEFAULT '' NOT NULL, 
	catalogue_on TEXT, 
	hits TEXT DEFAULT '[]' NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	person TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id)
)
 STRICT
-----
CREATE TABLE publication (
	remote TEXT NOT NULL, 
	id TEXT NOT NULL, 
	network_number TEXT DEFAULT '' NOT NULL, 
	state TEXT NOT NULL, 
	since_on TEXT, 
	reason TEXT DEFAULT '' NOT NULL, 
	read_at TEXT NOT NULL, 
	PRIMARY KEY (remote, id)
)
 WITHOUT ROWID,
 STRICT
-----
CREATE TABLE remote (
	role TEXT NOT NULL, 
	url TEXT NOT NULL, 
	server_id TEXT DEFAULT '' NOT NULL, 
	epoch TEXT DEFAULT '' NOT NULL, 
	cursor TEXT DEFAULT '' NOT NULL, 
	device_id TEXT DEFAULT '' NOT NULL, 
	institution TEXT DEFAULT '' NOT NULL, 
	last_at TEXT DEFAULT '' NOT NULL, 
	last_report TEXT DEFAULT '' NOT NULL, 
	authorities TEXT DEFAULT '' NOT NULL, 
	notices_cursor TEXT DEFAULT '' NOT NULL, 
	publications_cursor TEXT DEFAULT '' NOT NULL, 
	public_key TEXT DEFAULT '' NOT NULL, 
	service_keys TEXT DEFAULT '{}' NOT NULL, 
	next_number INTEGER DEFAULT '1' NOT NULL, 
	previous TEXT DEFAULT '' NOT NULL, 
	previous_epoch TEXT DEFAULT '' NOT NULL, 
	told_epoch TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (role)
)
 STRICT
-----
CREATE TABLE scheme (
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	from_on TEXT NOT NULL, 
	document TEXT DEFAULT '' NOT NULL, 
	terms TEXT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_scheme_name_from_on UNIQUE (name, from_on)
)
 STRICT
-----
CREATE TABLE setting (
	name TEXT NOT NULL, 
	value TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (name)
)
 STRICT
-----
CREATE TABLE sync_base (
	remote TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	token TEXT NOT NULL, 
	parent TEXT, 
	action TEXT NOT NULL, 
	op_id TEXT NOT NULL, 
	body TEXT, 
	digest TEXT DEFAULT '' NOT NULL, 
	merged INTEGER DEFAULT '1' NOT NULL CONSTRAINT ck_sync_base_merged CHECK (merged IN (0, 1)), 
	common TEXT, 
	device_id TEXT DEFAULT '' NOT NULL, 
	received_at TEXT DEFAULT '' NOT NULL, 
	seen TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (remote, kind, "key")
)
 WITHOUT ROWID,
 STRICT
-----
CREATE TABLE sync_batch (
	id TEXT NOT NULL, 
	remote TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	content BLOB NOT NULL, 
	attempted INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_sync_batch_attempted CHECK (attempted IN (0, 1)), 
	PRIMARY KEY (id)
)
 STRICT
-----
CREATE TABLE sync_conflict (
	remote TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	fields TEXT NOT NULL, 
	base TEXT, 
	mine TEXT, 
	theirs TEXT, 
	device_id TEXT DEFAULT '' NOT NULL, 
	received_at TEXT DEFAULT '' NOT NULL, 
	further TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (remote, kind, "key")
)
 STRICT
-----
CREATE TABLE sync_device (
	remote TEXT NOT NULL, 
	device_id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	PRIMARY KEY (remote, device_id)
)
 WITHOUT ROWID,
 STRICT
-----
CREATE TABLE sync_parked (
	remote TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	code TEXT NOT NULL, 
	field TEXT DEFAULT '' NOT NULL, 
	body_sha256 TEXT DEFAULT '' NOT NULL, 
	waiting_kind TEXT DEFAULT '' NOT NULL, 
	waiting_key TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (remote, kind, "key")
)
 STRICT
-----
CREATE TABLE sync_take_back (
	remote TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	take_back_id TEXT NOT NULL, 
	PRIMARY KEY (remote, kind, "key")
)
 WITHOUT ROWID,
 STRICT
-----
CREATE TABLE technician (
	id TEXT NOT NULL, 
	staff_number TEXT NOT NULL, 
	name TEXT DEFAULT '' NOT NULL, 
	department TEXT DEFAULT '' NOT NULL, 
	post TEXT DEFAULT '' NOT NULL, 
	coefficient TEXT DEFAULT '1' NOT NULL, 
	instruments TEXT DEFAULT '[]' NOT NULL, 
	active INTEGER DEFAULT '1' NOT NULL CONSTRAINT ck_technician_active CHECK (active IN (0, 1)), 
	imported TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_technician_staff_number CHECK (staff_number <> ''), 
	CONSTRAINT uq_technician_staff_number UNIQUE (staff_number)
)
 STRICT
-----
CREATE TABLE training (
	id TEXT NOT NULL, 
	number TEXT NOT NULL, 
	name TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	organiser TEXT DEFAULT '' NOT NULL, 
	place TEXT DEFAULT '' NOT NULL, 
	starts_on TEXT NOT NULL, 
	ends_on TEXT NOT NULL, 
	hours TEXT NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_training_subject CHECK (subject IN ('overall_design', 'process_design', 'integration', 'quality_control', 'production', 'instrument', 'safety', 'other')), 
	CONSTRAINT ck_training_told CHECK (number <> '' AND name <> '' AND document <> ''), 
	CONSTRAINT ck_training_days CHECK (ends_on >= starts_on), 
	CONSTRAINT uq_training_number UNIQUE (number)
)
 STRICT
-----
CREATE TABLE cers_set (
	id TEXT NOT NULL, 
	instrument_id TEXT NOT NULL, 
	inner_id TEXT DEFAULT '' NOT NULL, 
	assets_code TEXT DEFAULT '' NOT NULL, 
	classification_code TEXT DEFAULT '' NOT NULL, 
	alias TEXT DEFAULT '' NOT NULL, 
	application_area TEXT DEFAULT '' NOT NULL, 
	maker_certification TEXT DEFAULT '' NOT NULL, 
	country_code TEXT DEFAULT '' NOT NULL, 
	image_url TEXT DEFAULT '' NOT NULL, 
	group_id TEXT DEFAULT '' NOT NULL, 
	share_level TEXT DEFAULT '' NOT NULL, 
	open_calendar TEXT DEFAULT '' NOT NULL, 
	service_charge TEXT DEFAULT '' NOT NULL, 
	state TEXT DEFAULT '' NOT NULL, 
	page_url TEXT DEFAULT '' NOT NULL, 
	noted_by TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_cers_set_instrument_id UNIQUE (instrument_id), 
	CONSTRAINT ck_cers_set_share_level CHECK (share_level IN ('', '0', '1', '2', '3', '4', '5', '6')), 
	CONSTRAINT ck_cers_set_state CHECK (state IN ('', '0', '1', '2')), 
	CONSTRAINT fk_cers_set_instrument_id FOREIGN KEY(instrument_id) REFERENCES instrument (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE cost_row (
	id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	instrument_id TEXT, 
	period_from TEXT NOT NULL, 
	period_to TEXT NOT NULL, 
	fen INTEGER NOT NULL, 
	document TEXT DEFAULT '' NOT NULL, 
	withdrawn INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_cost_row_withdrawn CHECK (withdrawn IN (0, 1)), 
	PRIMARY KEY (id), 
	CONSTRAINT ck_cost_row_fen CHECK (fen >= 0), 
	CONSTRAINT ck_cost_row_span CHECK (period_to >= period_from), 
	CONSTRAINT fk_cost_row_instrument_id FOREIGN KEY(instrument_id) REFERENCES instrument (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE evaluation_fact (
	id TEXT NOT NULL, 
	instrument_id TEXT NOT NULL, 
	year TEXT NOT NULL, 
	item TEXT NOT NULL, 
	count INTEGER NOT NULL, 
	ground TEXT NOT NULL, 
	noted_on TEXT NOT NULL, 
	noted_by TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_evaluation_fact_instrument_id_year_item UNIQUE (instrument_id, year, item), 
	CONSTRAINT ck_evaluation_fact_item CHECK (item IN ('independent', 'guided', 'demonstrated', 'national_prizes', 'provincial_prizes', 'school_prizes', 'core_papers', 'original_functions', 'used_functions', 'new_functions')), 
	CONSTRAINT ck_evaluation_fact_told CHECK (count >= 0 AND ground <> '' AND year <> ''), 
	CONSTRAINT fk_evaluation_fact_instrument_id FOREIGN KEY(instrument_id) REFERENCES instrument (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE fee_schedule (
	id TEXT NOT NULL, 
	instrument_id TEXT NOT NULL, 
	from_on TEXT NOT NULL, 
	to_on TEXT, 
	state TEXT DEFAULT 'draft' NOT NULL, 
	title TEXT DEFAULT '' NOT NULL, 
	document TEXT DEFAULT '' NOT NULL, 
	prepared_by TEXT, 
	approved_by TEXT, 
	note TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_fee_schedule_state CHECK (state IN ('draft', 'approved', 'published')), 
	CONSTRAINT ck_fee_schedule_span CHECK (to_on IS NULL OR to_on > from_on), 
	CONSTRAINT ck_fee_schedule_four_eyes CHECK (approved_by IS NULL OR prepared_by IS NULL OR approved_by <> prepared_by), 
	CONSTRAINT fk_fee_schedule_instrument_id FOREIGN KEY(instrument_id) REFERENCES instrument (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_fee_schedule_prepared_by FOREIGN KEY(prepared_by) REFERENCES person (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_fee_schedule_approved_by FOREIGN KEY(approved_by) REFERENCES person (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE month_event (
	id TEXT NOT NULL, 
	month TEXT NOT NULL, 
	verb TEXT NOT NULL, 
	person TEXT NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	at TEXT NOT NULL, 
	prepared_by TEXT, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_month_event_verb CHECK (verb IN ('prepare', 'withdraw', 'close', 'reopen')), 
	CONSTRAINT ck_month_event_prepared CHECK ((verb = 'close') = (prepared_by IS NOT NULL)), 
	CONSTRAINT ck_month_event_four_eyes CHECK (prepared_by IS NULL OR prepared_by <> person), 
	CONSTRAINT fk_month_event_person FOREIGN KEY(person) REFERENCES person (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_month_event_prepared_by FOREIGN KEY(prepared_by) REFERENCES person (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE national_audit (
	id TEXT NOT NULL, 
	message_id TEXT NOT NULL, 
	row_key TEXT NOT NULL, 
	state TEXT NOT NULL, 
	seen_on TEXT NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	raw TEXT DEFAULT '' NOT NULL, 
	at TEXT NOT NULL, 
	"by" TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_national_audit_row_key CHECK (row_key <> ''), 
	CONSTRAINT ck_national_audit_state CHECK (state IN ('not_submitted', 'pending', 'passed', 'refused')), 
	CONSTRAINT fk_national_audit_message_id FOREIGN KEY(message_id) REFERENCES national_message (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE national_closed (
	id TEXT NOT NULL, 
	instrument_id TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	noted_on TEXT NOT NULL, 
	noted_by TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_national_closed_instrument_id UNIQUE (instrument_id), 
	CONSTRAINT ck_national_closed_reason CHECK (reason IN ('outdated', 'online', 'part', 'setting_up')), 
	CONSTRAINT fk_national_closed_instrument_id FOREIGN KEY(instrument_id) REFERENCES instrument (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE national_event (
	id TEXT NOT NULL, 
	message_id TEXT NOT NULL, 
	step TEXT NOT NULL, 
	at TEXT NOT NULL, 
	status INTEGER, 
	code TEXT DEFAULT '' NOT NULL, 
	raw TEXT DEFAULT '' NOT NULL, 
	fault INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_national_event_fault CHECK (fault IN (0, 1)), 
	problem TEXT DEFAULT '' NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	"by" TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_national_event_step CHECK (step IN ('sent', 'not_sent', 'accepted', 'refused', 'unknown', 'dropped')), 
	CONSTRAINT fk_national_event_message_id FOREIGN KEY(message_id) REFERENCES national_message (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE national_removal (
	id TEXT NOT NULL, 
	message_id TEXT NOT NULL, 
	row_key TEXT NOT NULL, 
	at TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_national_removal_row_key CHECK (row_key <> ''), 
	CONSTRAINT ck_national_removal_reason CHECK (reason <> ''), 
	CONSTRAINT fk_national_removal_message_id FOREIGN KEY(message_id) REFERENCES national_message (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE outside_use (
	id TEXT NOT NULL, 
	number TEXT NOT NULL, 
	customer_id TEXT NOT NULL, 
	instrument_name TEXT NOT NULL, 
	institution TEXT NOT NULL, 
	province TEXT NOT NULL, 
	started_on TEXT NOT NULL, 
	ended_at TEXT NOT NULL, 
	fee_fen INTEGER, 
	invoiced_fen INTEGER, 
	excluded_fen INTEGER DEFAULT '0' NOT NULL, 
	excluded_why TEXT DEFAULT '' NOT NULL, 
	through_network INTEGER CONSTRAINT ck_outside_use_through_network CHECK (through_network IN (0, 1)), 
	order_number TEXT DEFAULT '' NOT NULL, 
	contract TEXT DEFAULT '' NOT NULL, 
	search_id TEXT, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_outside_use_number CHECK (number <> ''), 
	CONSTRAINT ck_outside_use_excluded CHECK (excluded_fen >= 0), 
	CONSTRAINT ck_outside_use_span CHECK (started_on <= substr(ended_at, 1, 10)), 
	CONSTRAINT uq_outside_use_number UNIQUE (number), 
	CONSTRAINT fk_outside_use_customer_id FOREIGN KEY(customer_id) REFERENCES customer (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_outside_use_search_id FOREIGN KEY(search_id) REFERENCES province_search (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE payout_run (
	id TEXT NOT NULL, 
	number TEXT NOT NULL, 
	to_on TEXT NOT NULL, 
	scheme_id TEXT NOT NULL, 
	state TEXT DEFAULT 'prepared' NOT NULL, 
	basis TEXT NOT NULL, 
	income_fen INTEGER NOT NULL, 
	cost_fen INTEGER NOT NULL, 
	pool_fen INTEGER NOT NULL, 
	figure TEXT DEFAULT '{}' NOT NULL, 
	prepared_by TEXT NOT NULL, 
	prepared_at TEXT NOT NULL, 
	approved_by TEXT, 
	approved_at TEXT, 
	closed_by TEXT, 
	closed_at TEXT, 
	reverses TEXT, 
	reason TEXT DEFAULT '' NOT NULL, 
	findings TEXT DEFAULT '[]' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_payout_run_state CHECK (state IN ('prepared', 'withdrawn', 'approved', 'closed', 'reversed')), 
	CONSTRAINT ck_payout_run_four_eyes CHECK (approved_by IS NULL OR approved_by <> prepared_by), 
	CONSTRAINT ck_payout_run_approved CHECK (state IN ('prepared', 'withdrawn') OR approved_by IS NOT NULL), 
	CONSTRAINT uq_payout_run_number UNIQUE (number), 
	CONSTRAINT fk_payout_run_scheme_id FOREIGN KEY(scheme_id) REFERENCES scheme (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_payout_run_prepared_by FOREIGN KEY(prepared_by) REFERENCES person (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_payout_run_approved_by FOREIGN KEY(approved_by) REFERENCES person (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_payout_run_closed_by FOREIGN KEY(closed_by) REFERENCES person (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE pilot_equipment (
	id TEXT NOT NULL, 
	number TEXT NOT NULL, 
	name TEXT NOT NULL, 
	base_id TEXT, 
	instrument_id TEXT, 
	model TEXT DEFAULT '' NOT NULL, 
	value_fen INTEGER, 
	accepted_on TEXT, 
	process TEXT DEFAULT '' NOT NULL, 
	capacity TEXT DEFAULT '' NOT NULL, 
	services TEXT DEFAULT '' NOT NULL, 
	confidential INTEGER CONSTRAINT ck_pilot_equipment_confidential CHECK (confidential IN (0, 1)), 
	retired_on TEXT, 
	imported TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_pilot_equipment_instrument_id UNIQUE (instrument_id), 
	CONSTRAINT ck_pilot_equipment_named CHECK (number <> '' AND name <> ''), 
	CONSTRAINT ck_pilot_equipment_value CHECK (value_fen >= 0), 
	CONSTRAINT ck_pilot_equipment_register CHECK (instrument_id IS NULL OR (value_fen IS NULL AND accepted_on IS NULL AND confidential IS NULL AND model = '')), 
	CONSTRAINT uq_pilot_equipment_number UNIQUE (number), 
	CONSTRAINT fk_pilot_equipment_base_id FOREIGN KEY(base_id) REFERENCES pilot_base (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_pilot_equipment_instrument_id FOREIGN KEY(instrument_id) REFERENCES instrument (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE pilot_partner (
	id TEXT NOT NULL, 
	base_id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	part TEXT DEFAULT '' NOT NULL, 
	document TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_pilot_partner_base_id_name UNIQUE (base_id, name), 
	CONSTRAINT ck_pilot_partner_named CHECK (name <> ''), 
	CONSTRAINT ck_pilot_partner_kind CHECK (kind IN ('park', 'college', 'institute', 'company', 'other')), 
	CONSTRAINT fk_pilot_partner_base_id FOREIGN KEY(base_id) REFERENCES pilot_base (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE power_band (
	id TEXT NOT NULL, 
	instrument_id TEXT NOT NULL, 
	from_on TEXT NOT NULL, 
	off_watts TEXT NOT NULL, 
	working_watts TEXT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT fk_power_band_instrument_id FOREIGN KEY(instrument_id) REFERENCES instrument (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE purchase_proposal (
	id TEXT NOT NULL, 
	number TEXT NOT NULL, 
	proposed_on TEXT NOT NULL, 
	name TEXT NOT NULL, 
	price_fen INTEGER NOT NULL, 
	provincial_fen INTEGER, 
	central_fen INTEGER, 
	model TEXT DEFAULT '' NOT NULL, 
	class_code TEXT DEFAULT '' NOT NULL, 
	functions TEXT DEFAULT '' NOT NULL, 
	department TEXT DEFAULT '' NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	state TEXT DEFAULT 'draft' NOT NULL, 
	prepared_by TEXT NOT NULL, 
	prepared_at TEXT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_purchase_proposal_state CHECK (state IN ('draft', 'reviewed', 'withdrawn')), 
	CONSTRAINT ck_purchase_proposal_named CHECK (number <> '' AND name <> ''), 
	CONSTRAINT ck_purchase_proposal_amounts CHECK (price_fen > 0 AND (provincial_fen IS NULL OR provincial_fen BETWEEN 0 AND price_fen)), 
	CONSTRAINT ck_purchase_proposal_central CHECK (central_fen IS NULL OR (central_fen >= 0 AND central_fen + coalesce(provincial_fen, 0) <= price_fen)), 
	CONSTRAINT uq_purchase_proposal_number UNIQUE (number), 
	CONSTRAINT fk_purchase_proposal_prepared_by FOREIGN KEY(prepared_by) REFERENCES person (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE reclassification (
	id TEXT NOT NULL, 
	instrument_id TEXT NOT NULL, 
	to_confidential INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_reclassification_to_confidential CHECK (to_confidential IN (0, 1)), 
	state TEXT DEFAULT 'prepared' NOT NULL, 
	reason TEXT NOT NULL, 
	document TEXT DEFAULT '' NOT NULL, 
	prepared_by TEXT NOT NULL, 
	prepared_at TEXT NOT NULL, 
	decided_by TEXT, 
	decided_at TEXT, 
	note TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_reclassification_state CHECK (state IN ('prepared', 'approved', 'declined', 'withdrawn')), 
	CONSTRAINT ck_reclassification_reason CHECK (reason <> ''), 
	CONSTRAINT ck_reclassification_decided CHECK ((state = 'prepared') = (decided_by IS NULL)), 
	CONSTRAINT ck_reclassification_two_people CHECK (state NOT IN ('approved', 'declined') OR decided_by <> prepared_by), 
	CONSTRAINT ck_reclassification_withdrawn CHECK (state <> 'withdrawn' OR to_confidential = 0), 
	CONSTRAINT fk_reclassification_instrument_id FOREIGN KEY(instrument_id) REFERENCES instrument (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_reclassification_prepared_by FOREIGN KEY(prepared_by) REFERENCES person (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_reclassification_decided_by FOREIGN KEY(decided_by) REFERENCES person (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE sensor_binding (
	id TEXT NOT NULL, 
	instrument_id TEXT NOT NULL, 
	sensor TEXT NOT NULL, 
	from_on TEXT NOT NULL, 
	until_on TEXT, 
	source TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_sensor_binding_sensor CHECK (sensor <> ''), 
	CONSTRAINT ck_sensor_binding_days CHECK (until_on IS NULL OR until_on >= from_on), 
	CONSTRAINT fk_sensor_binding_instrument_id FOREIGN KEY(instrument_id) REFERENCES instrument (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE sensor_session (
	id TEXT NOT NULL, 
	instrument_id TEXT NOT NULL, 
	sensor TEXT NOT NULL, 
	started_at TEXT NOT NULL, 
	ended_at TEXT NOT NULL, 
	band TEXT NOT NULL, 
	n_watt_hours INTEGER, 
	source TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_sensor_session_band CHECK (band IN ('idle', 'working')), 
	CONSTRAINT ck_sensor_session_span CHECK (ended_at > started_at), 
	CONSTRAINT ck_sensor_session_energy CHECK (n_watt_hours IS NULL OR n_watt_hours >= 0), 
	CONSTRAINT fk_sensor_session_instrument_id FOREIGN KEY(instrument_id) REFERENCES instrument (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE service_record (
	id TEXT NOT NULL, 
	number TEXT NOT NULL, 
	instrument_id TEXT NOT NULL, 
	customer_id TEXT, 
	customer_name TEXT DEFAULT '' NOT NULL, 
	started_at TEXT NOT NULL, 
	ended_at TEXT NOT NULL, 
	minutes INTEGER NOT NULL, 
	item TEXT DEFAULT '' NOT NULL, 
	derived INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_service_record_derived CHECK (derived IN (0, 1)), 
	claimed_hours TEXT, 
	quantity TEXT, 
	second_quantity TEXT, 
	operator_id TEXT, 
	operator_name TEXT DEFAULT '' NOT NULL, 
	contact TEXT DEFAULT '' NOT NULL, 
	way TEXT DEFAULT '' NOT NULL, 
	direction TEXT DEFAULT '' NOT NULL, 
	contract TEXT DEFAULT '' NOT NULL, 
	urgent INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_service_record_urgent CHECK (urgent IN (0, 1)), 
	urgent_said TEXT DEFAULT '' NOT NULL, 
	rating TEXT DEFAULT '' NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	agreed_price_fen INTEGER, 
	consumables_fen INTEGER, 
	long_reason TEXT DEFAULT '' NOT NULL, 
	state TEXT DEFAULT 'draft' NOT NULL, 
	confidential INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_service_record_confidential CHECK (confidential IN (0, 1)), 
	replaces TEXT, 
	answers TEXT DEFAULT '[]' NOT NULL, 
	imported TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_service_record_state CHECK (state IN ('draft', 'posted', 'reversed')), 
	CONSTRAINT ck_service_record_span CHECK (ended_at > started_at), 
	CONSTRAINT ck_service_record_amounts CHECK (minutes > 0 AND (consumables_fen IS NULL OR consumables_fen >= 0)), 
	CONSTRAINT ck_service_record_number CHECK (number <> ''), 
	CONSTRAINT uq_service_record_number UNIQUE (number), 
	CONSTRAINT fk_service_record_instrument_id FOREIGN KEY(instrument_id) REFERENCES instrument (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_service_record_customer_id FOREIGN KEY(customer_id) REFERENCES customer (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_service_record_operator_id FOREIGN KEY(operator_id) REFERENCES technician (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE staff_fact (
	id TEXT NOT NULL, 
	technician_id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	value TEXT NOT NULL, 
	from_on TEXT NOT NULL, 
	last_on TEXT, 
	issuer TEXT DEFAULT '' NOT NULL, 
	number TEXT DEFAULT '' NOT NULL, 
	ground TEXT NOT NULL, 
	factor TEXT, 
	noted_by TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_staff_fact_kind CHECK (kind IN ('post', 'title', 'evaluation', 'certificate', 'recognition')), 
	CONSTRAINT ck_staff_fact_told CHECK (value <> '' AND ground <> ''), 
	CONSTRAINT ck_staff_fact_days CHECK (last_on IS NULL OR last_on >= from_on), 
	CONSTRAINT ck_staff_fact_factor CHECK (factor IS NULL OR kind = 'evaluation'), 
	CONSTRAINT fk_staff_fact_technician_id FOREIGN KEY(technician_id) REFERENCES technician (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE take_back (
	id TEXT NOT NULL, 
	instrument_id TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	asked_by TEXT NOT NULL, 
	asked_at TEXT NOT NULL, 
	given_up_at TEXT, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_take_back_reason CHECK (reason <> ''), 
	CONSTRAINT fk_take_back_instrument_id FOREIGN KEY(instrument_id) REFERENCES instrument (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_take_back_asked_by FOREIGN KEY(asked_by) REFERENCES person (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE training_attendance (
	id TEXT NOT NULL, 
	training_id TEXT NOT NULL, 
	technician_id TEXT, 
	name TEXT NOT NULL, 
	organisation TEXT DEFAULT '' NOT NULL, 
	outcome TEXT DEFAULT 'attended' NOT NULL, 
	certificate TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_training_attendance_outcome CHECK (outcome IN ('attended', 'passed', 'failed')), 
	CONSTRAINT ck_training_attendance_told CHECK (name <> ''), 
	CONSTRAINT uq_training_attendance_training_id_technician_id UNIQUE (training_id, technician_id), 
	CONSTRAINT fk_training_attendance_training_id FOREIGN KEY(training_id) REFERENCES training (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_training_attendance_technician_id FOREIGN KEY(technician_id) REFERENCES technician (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE transfer (
	id TEXT NOT NULL, 
	number TEXT NOT NULL, 
	instrument_id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	state TEXT DEFAULT 'prepared' NOT NULL, 
	reason TEXT NOT NULL, 
	from_department TEXT DEFAULT '' NOT NULL, 
	to_department TEXT DEFAULT '' NOT NULL, 
	keeper TEXT DEFAULT '' NOT NULL, 
	receiver TEXT DEFAULT '' NOT NULL, 
	receiver_uscc TEXT DEFAULT '' NOT NULL, 
	document TEXT DEFAULT '' NOT NULL, 
	figure TEXT DEFAULT '' NOT NULL, 
	prepared_by TEXT NOT NULL, 
	prepared_at TEXT NOT NULL, 
	decided_by TEXT, 
	decided_at TEXT, 
	note TEXT DEFAULT '' NOT NULL, 
	handed_on TEXT, 
	gave TEXT DEFAULT '' NOT NULL, 
	took TEXT DEFAULT '' NOT NULL, 
	parts TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_transfer_kind CHECK (kind IN ('internal', 'allocation')), 
	CONSTRAINT ck_transfer_state CHECK (state IN ('prepared', 'approved', 'declined', 'withdrawn', 'handed_over')), 
	CONSTRAINT ck_transfer_reason CHECK (reason <> '' AND number <> ''), 
	CONSTRAINT ck_transfer_target CHECK (CASE kind WHEN 'internal' THEN to_department <> '' AND receiver = '' ELSE receiver <> '' AND to_department = '' END), 
	CONSTRAINT ck_transfer_decided CHECK ((state = 'prepared') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)), 
	CONSTRAINT ck_transfer_two_hands CHECK (state NOT IN ('approved', 'declined', 'handed_over') OR decided_by <> prepared_by), 
	CONSTRAINT ck_transfer_document CHECK (kind <> 'allocation' OR state NOT IN ('approved', 'handed_over') OR document <> ''), 
	CONSTRAINT ck_transfer_handed CHECK ((state = 'handed_over') = (handed_on IS NOT NULL)), 
	CONSTRAINT uq_transfer_number UNIQUE (number), 
	CONSTRAINT fk_transfer_instrument_id FOREIGN KEY(instrument_id) REFERENCES instrument (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_transfer_prepared_by FOREIGN KEY(prepared_by) REFERENCES person (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_transfer_decided_by FOREIGN KEY(decided_by) REFERENCES person (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE university_count (
	id TEXT NOT NULL, 
	instrument_id TEXT NOT NULL, 
	year TEXT NOT NULL, 
	item TEXT NOT NULL, 
	amount INTEGER NOT NULL, 
	ground TEXT DEFAULT '' NOT NULL, 
	noted_on TEXT NOT NULL, 
	noted_by TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_university_count_instrument_id_year_item UNIQUE (instrument_id, year, item), 
	CONSTRAINT ck_university_count_item CHECK (item IN ('teaching_minutes', 'research_minutes', 'service_minutes', 'open_minutes', 'samples', 'trained_students', 'trained_teachers', 'trained_others', 'teaching_projects', 'research_projects', 'service_projects', 'national_awards', 'provincial_awards', 'teacher_patents', 'student_patents', 'indexed_papers', 'core_papers')), 
	CONSTRAINT ck_university_count_told CHECK (amount >= 0 AND year <> ''), 
	CONSTRAINT fk_university_count_instrument_id FOREIGN KEY(instrument_id) REFERENCES instrument (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE university_set (
	id TEXT NOT NULL, 
	instrument_id TEXT NOT NULL, 
	number TEXT DEFAULT '' NOT NULL, 
	class_code TEXT DEFAULT '' NOT NULL, 
	use TEXT DEFAULT '' NOT NULL, 
	department_code TEXT DEFAULT '' NOT NULL, 
	state TEXT DEFAULT '' NOT NULL, 
	name TEXT DEFAULT '' NOT NULL, 
	specification TEXT DEFAULT '' NOT NULL, 
	noted_by TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_university_set_instrument_id UNIQUE (instrument_id), 
	CONSTRAINT ck_university_set_use CHECK (use IN ('', '1', '2')), 
	CONSTRAINT ck_university_set_state CHECK (state IN ('', '1', '2', '3', '4', '5', '6', '7', '8', '9')), 
	CONSTRAINT fk_university_set_instrument_id FOREIGN KEY(instrument_id) REFERENCES instrument (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE voucher_claim (
	id TEXT NOT NULL, 
	number TEXT NOT NULL, 
	customer_id TEXT NOT NULL, 
	year INTEGER NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_voucher_claim_number CHECK (number <> ''), 
	CONSTRAINT uq_voucher_claim_number UNIQUE (number), 
	CONSTRAINT fk_voucher_claim_customer_id FOREIGN KEY(customer_id) REFERENCES customer (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE voucher_enterprise (
	id TEXT NOT NULL, 
	customer_id TEXT NOT NULL, 
	place TEXT DEFAULT '' NOT NULL, 
	assets_wan TEXT, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_voucher_enterprise_customer_id UNIQUE (customer_id), 
	CONSTRAINT fk_voucher_enterprise_customer_id FOREIGN KEY(customer_id) REFERENCES customer (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE voucher_group (
	id TEXT NOT NULL, 
	customer_id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	from_on TEXT NOT NULL, 
	to_on TEXT, 
	document TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_voucher_group_customer_id_from_on UNIQUE (customer_id, from_on), 
	CONSTRAINT ck_voucher_group_span CHECK (to_on IS NULL OR to_on > from_on), 
	CONSTRAINT ck_voucher_group_name CHECK (name <> ''), 
	CONSTRAINT fk_voucher_group_customer_id FOREIGN KEY(customer_id) REFERENCES customer (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE voucher_paper (
	id TEXT NOT NULL, 
	use_kind TEXT NOT NULL, 
	use_id TEXT NOT NULL, 
	item TEXT NOT NULL, 
	attachment_id TEXT, 
	number TEXT DEFAULT '' NOT NULL, 
	waived_why TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_voucher_paper_use_kind_use_id_item UNIQUE (use_kind, use_id, item), 
	CONSTRAINT ck_voucher_paper_use CHECK (use_kind IN ('service_record', 'outside_use')), 
	CONSTRAINT ck_voucher_paper_item CHECK (item IN ('commission', 'contract', 'report', 'usage', 'invoice', 'acceptance')), 
	CONSTRAINT fk_voucher_paper_attachment_id FOREIGN KEY(attachment_id) REFERENCES attachment (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE cost_component (
	id TEXT NOT NULL, 
	schedule_id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	amount_fen INTEGER, 
	rate TEXT, 
	evidence TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_cost_component_schedule_id_kind UNIQUE (schedule_id, kind), 
	CONSTRAINT ck_cost_component_one CHECK ((amount_fen IS NULL) <> (rate IS NULL)), 
	CONSTRAINT fk_cost_component_schedule_id FOREIGN KEY(schedule_id) REFERENCES fee_schedule (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE fee_line (
	id TEXT NOT NULL, 
	schedule_id TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	item TEXT DEFAULT '' NOT NULL, 
	terms TEXT DEFAULT '{}' NOT NULL, 
	source_text TEXT DEFAULT '' NOT NULL, 
	to_confirm INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_fee_line_to_confirm CHECK (to_confirm IN (0, 1)), 
	note TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_fee_line_schedule_id_item UNIQUE (schedule_id, item), 
	CONSTRAINT fk_fee_line_schedule_id FOREIGN KEY(schedule_id) REFERENCES fee_schedule (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE integrity_answer (
	id TEXT NOT NULL, 
	check_name TEXT NOT NULL, 
	record_id TEXT NOT NULL, 
	state TEXT NOT NULL, 
	text TEXT NOT NULL, 
	answered_on TEXT NOT NULL, 
	correction TEXT DEFAULT '' NOT NULL, 
	evidence TEXT DEFAULT '' NOT NULL, 
	answered_by TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_integrity_answer_check_name CHECK (check_name IN ('overlap', 'beyond_day', 'beyond_times', 'round_run', 'late', 'same_contact', 'off_schedule', 'beyond_sensor')), 
	CONSTRAINT ck_integrity_answer_state CHECK (state IN ('explained', 'corrected', 'accepted', 'open')), 
	CONSTRAINT ck_integrity_answer_text CHECK (text <> ''), 
	CONSTRAINT ck_integrity_answer_correction CHECK ((state = 'corrected') = (correction <> '')), 
	CONSTRAINT fk_integrity_answer_record_id FOREIGN KEY(record_id) REFERENCES service_record (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE national_service (
	id TEXT NOT NULL, 
	record_id TEXT NOT NULL, 
	project TEXT DEFAULT '' NOT NULL, 
	income TEXT DEFAULT '' NOT NULL, 
	area TEXT DEFAULT '' NOT NULL, 
	content TEXT DEFAULT '' NOT NULL, 
	email TEXT DEFAULT '' NOT NULL, 
	moved_to TEXT DEFAULT '' NOT NULL, 
	customs_notice TEXT DEFAULT '' NOT NULL, 
	duty_paid TEXT DEFAULT '' NOT NULL, 
	handler TEXT DEFAULT '' NOT NULL, 
	noted_by TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_national_service_record_id UNIQUE (record_id), 
	CONSTRAINT fk_national_service_record_id FOREIGN KEY(record_id) REFERENCES service_record (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE payout_cost (
	id TEXT NOT NULL, 
	run_id TEXT NOT NULL, 
	cost_row_id TEXT NOT NULL, 
	from_on TEXT NOT NULL, 
	to_on TEXT NOT NULL, 
	fen INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_payout_cost_run_id_cost_row_id_from_on UNIQUE (run_id, cost_row_id, from_on), 
	CONSTRAINT ck_payout_cost_span CHECK (to_on >= from_on), 
	CONSTRAINT fk_payout_cost_run_id FOREIGN KEY(run_id) REFERENCES payout_run (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_payout_cost_cost_row_id FOREIGN KEY(cost_row_id) REFERENCES cost_row (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE payout_share (
	id TEXT NOT NULL, 
	run_id TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	receiver TEXT NOT NULL, 
	technician_id TEXT, 
	name TEXT DEFAULT '' NOT NULL, 
	weight TEXT DEFAULT '' NOT NULL, 
	fen INTEGER NOT NULL, 
	remainder INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_payout_share_remainder CHECK (remainder IN (0, 1)), 
	PRIMARY KEY (id), 
	CONSTRAINT fk_payout_share_run_id FOREIGN KEY(run_id) REFERENCES payout_run (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_payout_share_technician_id FOREIGN KEY(technician_id) REFERENCES technician (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE pilot_openness (
	id TEXT NOT NULL, 
	base_id TEXT, 
	equipment_id TEXT, 
	state TEXT NOT NULL, 
	from_on TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	said_by TEXT DEFAULT '' NOT NULL, 
	said_at TEXT NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_pilot_openness_one CHECK ((base_id IS NULL) <> (equipment_id IS NULL)), 
	CONSTRAINT ck_pilot_openness_state CHECK (state IN ('open', 'limited', 'paused', 'closed')), 
	CONSTRAINT ck_pilot_openness_reason CHECK (reason <> ''), 
	CONSTRAINT fk_pilot_openness_base_id FOREIGN KEY(base_id) REFERENCES pilot_base (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_pilot_openness_equipment_id FOREIGN KEY(equipment_id) REFERENCES pilot_equipment (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE pilot_service (
	id TEXT NOT NULL, 
	record_id TEXT NOT NULL, 
	base_id TEXT NOT NULL, 
	equipment_id TEXT, 
	what TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_pilot_service_record_id UNIQUE (record_id), 
	CONSTRAINT fk_pilot_service_record_id FOREIGN KEY(record_id) REFERENCES service_record (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_pilot_service_base_id FOREIGN KEY(base_id) REFERENCES pilot_base (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_pilot_service_equipment_id FOREIGN KEY(equipment_id) REFERENCES pilot_equipment (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE purchase_national (
	id TEXT NOT NULL, 
	proposal_id TEXT NOT NULL, 
	document TEXT NOT NULL, 
	outcome TEXT NOT NULL, 
	decided_on TEXT NOT NULL, 
	noted_on TEXT NOT NULL, 
	text TEXT DEFAULT '' NOT NULL, 
	similar TEXT DEFAULT '' NOT NULL, 
	noted_by TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_purchase_national_proposal_id_document UNIQUE (proposal_id, document), 
	CONSTRAINT ck_purchase_national_outcome CHECK (outcome IN ('agree', 'refuse', 'revise')), 
	CONSTRAINT ck_purchase_national_document CHECK (document <> ''), 
	CONSTRAINT fk_purchase_national_proposal_id FOREIGN KEY(proposal_id) REFERENCES purchase_proposal (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE purchase_review (
	id TEXT NOT NULL, 
	proposal_id TEXT NOT NULL, 
	opinion TEXT NOT NULL, 
	text TEXT NOT NULL, 
	reviewed_by TEXT NOT NULL, 
	reviewed_on TEXT NOT NULL, 
	reviewed_at TEXT NOT NULL, 
	figure TEXT NOT NULL, 
	n_withheld INTEGER DEFAULT '0' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_purchase_review_opinion CHECK (opinion IN ('agree', 'share', 'revise')), 
	CONSTRAINT ck_purchase_review_said CHECK (text <> '' AND n_withheld >= 0), 
	CONSTRAINT fk_purchase_review_proposal_id FOREIGN KEY(proposal_id) REFERENCES purchase_proposal (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_purchase_review_reviewed_by FOREIGN KEY(reviewed_by) REFERENCES person (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE record_problem (
	id TEXT NOT NULL, 
	record_id TEXT NOT NULL, 
	code TEXT NOT NULL, 
	severity TEXT NOT NULL, 
	params TEXT DEFAULT '[]' NOT NULL, 
	field TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_record_problem_record_id_code_params UNIQUE (record_id, code, params), 
	CONSTRAINT fk_record_problem_record_id FOREIGN KEY(record_id) REFERENCES service_record (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE user_rating (
	id TEXT NOT NULL, 
	record_id TEXT NOT NULL, 
	word TEXT NOT NULL, 
	given_on TEXT NOT NULL, 
	comment TEXT DEFAULT '' NOT NULL, 
	noted_by TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_user_rating_record_id UNIQUE (record_id), 
	CONSTRAINT ck_user_rating_word CHECK (word IN ('非常满意', '基本满意', '一般', '不满意', '极差')), 
	CONSTRAINT fk_user_rating_record_id FOREIGN KEY(record_id) REFERENCES service_record (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE voucher_claim_line (
	id TEXT NOT NULL, 
	claim_id TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	use_kind TEXT NOT NULL, 
	use_id TEXT NOT NULL, 
	granted_fen INTEGER DEFAULT '0' NOT NULL, 
	top_up_fen INTEGER, 
	figure TEXT DEFAULT '{}' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_voucher_claim_line_claim_id_use_kind_use_id UNIQUE (claim_id, use_kind, use_id), 
	CONSTRAINT ck_voucher_claim_line_use CHECK (use_kind IN ('service_record', 'outside_use')), 
	CONSTRAINT ck_voucher_claim_line_fen CHECK (granted_fen >= 0 AND top_up_fen >= 0), 
	CONSTRAINT fk_voucher_claim_line_claim_id FOREIGN KEY(claim_id) REFERENCES voucher_claim (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE voucher_claim_step (
	id TEXT NOT NULL, 
	claim_id TEXT NOT NULL, 
	position INTEGER NOT NULL, 
	verb TEXT NOT NULL, 
	on_day TEXT NOT NULL, 
	at TEXT NOT NULL, 
	person TEXT DEFAULT '' NOT NULL, 
	fen INTEGER, 
	document TEXT DEFAULT '' NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT ck_voucher_claim_step_verb CHECK (verb IN ('submit', 'send_back', 'accept', 'refuse', 'pay', 'withdraw', 'recover')), 
	CONSTRAINT fk_voucher_claim_step_claim_id FOREIGN KEY(claim_id) REFERENCES voucher_claim (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE voucher_mark (
	id TEXT NOT NULL, 
	record_id TEXT NOT NULL, 
	through_network INTEGER CONSTRAINT ck_voucher_mark_through_network CHECK (through_network IN (0, 1)), 
	order_number TEXT DEFAULT '' NOT NULL, 
	invoiced_fen INTEGER, 
	excluded_fen INTEGER DEFAULT '0' NOT NULL, 
	excluded_why TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_voucher_mark_record_id UNIQUE (record_id), 
	CONSTRAINT ck_voucher_mark_excluded CHECK (excluded_fen >= 0), 
	CONSTRAINT fk_voucher_mark_record_id FOREIGN KEY(record_id) REFERENCES service_record (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE posting (
	id TEXT NOT NULL, 
	record_id TEXT NOT NULL, 
	record_number TEXT NOT NULL, 
	instrument_id TEXT NOT NULL, 
	technician_id TEXT, 
	customer_id TEXT NOT NULL, 
	schedule_id TEXT NOT NULL, 
	line_id TEXT NOT NULL, 
	customer_class TEXT DEFAULT '' NOT NULL, 
	external INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_posting_external CHECK (external IN (0, 1)), 
	confidential INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_posting_confidential CHECK (confidential IN (0, 1)), 
	quantity TEXT NOT NULL, 
	unit TEXT DEFAULT '' NOT NULL, 
	unit_price_fen INTEGER, 
	amount_fen INTEGER NOT NULL, 
	minutes INTEGER NOT NULL, 
	rule_text TEXT DEFAULT '' NOT NULL, 
	ended_on TEXT NOT NULL, 
	service_month TEXT NOT NULL, 
	posted_on TEXT NOT NULL, 
	reverses TEXT, 
	reason TEXT DEFAULT '' NOT NULL, 
	late INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_posting_late CHECK (late IN (0, 1)), 
	PRIMARY KEY (id), 
	CONSTRAINT ck_posting_sign CHECK ((reverses IS NULL) = (amount_fen >= 0 AND minutes >= 0) OR amount_fen = 0), 
	CONSTRAINT fk_posting_record_id FOREIGN KEY(record_id) REFERENCES service_record (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_posting_instrument_id FOREIGN KEY(instrument_id) REFERENCES instrument (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_posting_technician_id FOREIGN KEY(technician_id) REFERENCES technician (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_posting_customer_id FOREIGN KEY(customer_id) REFERENCES customer (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_posting_schedule_id FOREIGN KEY(schedule_id) REFERENCES fee_schedule (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_posting_line_id FOREIGN KEY(line_id) REFERENCES fee_line (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT uq_posting_reverses UNIQUE (reverses)
)
 STRICT
-----
CREATE TABLE receipt (
	id TEXT NOT NULL, 
	posting_id TEXT NOT NULL, 
	received_on TEXT NOT NULL, 
	fen INTEGER NOT NULL, 
	invoice_number TEXT DEFAULT '' NOT NULL, 
	reverses TEXT, 
	PRIMARY KEY (id), 
	CONSTRAINT fk_receipt_posting_id FOREIGN KEY(posting_id) REFERENCES posting (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT uq_receipt_reverses UNIQUE (reverses)
)
 STRICT
-----
CREATE TABLE payout_line (
	id TEXT NOT NULL, 
	run_id TEXT NOT NULL, 
	posting_id TEXT NOT NULL, 
	receipt_id TEXT, 
	technician_id TEXT NOT NULL, 
	amount_fen INTEGER NOT NULL, 
	minutes INTEGER NOT NULL, 
	fen INTEGER NOT NULL, 
	service_month TEXT NOT NULL, 
	late INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_payout_line_late CHECK (late IN (0, 1)), 
	reverses TEXT, 
	PRIMARY KEY (id), 
	CONSTRAINT fk_payout_line_run_id FOREIGN KEY(run_id) REFERENCES payout_run (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_payout_line_posting_id FOREIGN KEY(posting_id) REFERENCES posting (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_payout_line_receipt_id FOREIGN KEY(receipt_id) REFERENCES receipt (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_payout_line_technician_id FOREIGN KEY(technician_id) REFERENCES technician (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE TABLE payout_mark (
	id TEXT NOT NULL, 
	run_id TEXT NOT NULL, 
	run_number TEXT NOT NULL, 
	settles TEXT NOT NULL, 
	posting_id TEXT, 
	receipt_id TEXT, 
	minutes INTEGER DEFAULT '0' NOT NULL, 
	cost_row_id TEXT, 
	from_on TEXT, 
	to_on TEXT, 
	released INTEGER DEFAULT '0' NOT NULL CONSTRAINT ck_payout_mark_released CHECK (released IN (0, 1)), 
	PRIMARY KEY (id), 
	CONSTRAINT ck_payout_mark_what CHECK ((posting_id IS NULL) = (cost_row_id IS NOT NULL AND from_on IS NOT NULL AND to_on IS NOT NULL)), 
	CONSTRAINT fk_payout_mark_posting_id FOREIGN KEY(posting_id) REFERENCES posting (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_payout_mark_receipt_id FOREIGN KEY(receipt_id) REFERENCES receipt (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED, 
	CONSTRAINT fk_payout_mark_cost_row_id FOREIGN KEY(cost_row_id) REFERENCES cost_row (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
)
 STRICT
-----
CREATE INDEX ix_anchor_remote ON anchor (remote, n_operations)
-----
CREATE INDEX ix_attachment_sha256 ON attachment (sha256)
-----
CREATE INDEX ix_attachment_subject ON attachment (of_kind, of_id)
-----
CREATE INDEX ix_instrument_read_as_other ON instrument (asset_number) WHERE asset_number GLOB '*[！-～　 ‐-—−]*'
-----
CREATE INDEX ix_instrument_secret ON instrument (id) WHERE confidential IS NOT 0
-----
CREATE INDEX ix_journal_operation ON journal (operation)
-----
CREATE INDEX ix_journal_after_operation ON journal_after (operation)
-----
CREATE INDEX ix_notice_answer_notice ON notice_answer (notice_id, answered_on)
-----
CREATE INDEX ix_package_remote ON package (remote, made_at)
-----
CREATE INDEX ix_sync_base_unmerged ON sync_base (remote, kind, "key") WHERE merged = 0
-----
CREATE INDEX ix_technician_read_as_other ON technician (staff_number) WHERE staff_number GLOB '*[！-～　 ‐-—−]*'
-----
CREATE INDEX ix_fee_schedule_instrument ON fee_schedule (instrument_id, from_on)
-----
CREATE INDEX ix_month_event_month ON month_event (month, at)
-----
CREATE INDEX ix_national_audit_row ON national_audit (message_id, row_key)
-----
CREATE INDEX ix_national_event_message ON national_event (message_id)
-----
CREATE UNIQUE INDEX ux_national_removal_row ON national_removal (message_id, row_key)
-----
CREATE INDEX ix_outside_use_customer ON outside_use (customer_id)
-----
CREATE INDEX ix_outside_use_search ON outside_use (search_id)
-----
CREATE INDEX ix_payout_run_naming ON payout_run (id) WHERE instr(findings, '"posting"') > 0
-----
CREATE UNIQUE INDEX ux_payout_run_reverses ON payout_run (reverses) WHERE state != 'withdrawn'
-----
CREATE INDEX ix_pilot_equipment_base ON pilot_equipment (base_id)
-----
CREATE UNIQUE INDEX ix_power_band_instrument ON power_band (instrument_id, from_on)
-----
CREATE INDEX ix_reclassification_instrument ON reclassification (instrument_id)
-----
CREATE UNIQUE INDEX ux_reclassification_waiting ON reclassification (instrument_id) WHERE state = 'prepared'
-----
CREATE INDEX ix_sensor_binding_instrument ON sensor_binding (instrument_id)
-----
CREATE INDEX ix_sensor_binding_sensor ON sensor_binding (sensor)
-----
CREATE INDEX ix_sensor_session_instrument ON sensor_session (instrument_id, started_at)
-----
CREATE UNIQUE INDEX ix_sensor_session_sensor ON sensor_session (sensor, started_at)
-----
CREATE INDEX ix_service_record_customer ON service_record (customer_name)
-----
CREATE INDEX ix_service_record_ended ON service_record (ended_at)
-----
CREATE INDEX ix_service_record_instrument ON service_record (instrument_id, started_at)
-----
CREATE INDEX ix_service_record_read_as_other ON service_record (number) WHERE number GLOB '*[！-～　 ‐-—−]*'
-----
CREATE INDEX ix_service_record_replaces ON service_record (replaces) WHERE replaces IS NOT NULL
-----
CREATE INDEX ix_service_record_secret ON service_record (confidential) WHERE confidential = 1
-----
CREATE INDEX ix_staff_fact_technician ON staff_fact (technician_id)
-----
CREATE INDEX ix_take_back_instrument ON take_back (instrument_id)
-----
CREATE INDEX ix_training_attendance_technician ON training_attendance (technician_id)
-----
CREATE INDEX ix_training_attendance_training ON training_attendance (training_id)
-----
CREATE INDEX ix_transfer_instrument ON transfer (instrument_id)
-----
CREATE UNIQUE INDEX ux_transfer_open ON transfer (instrument_id) WHERE state IN ('prepared', 'approved')
-----
CREATE INDEX ix_voucher_claim_customer ON voucher_claim (customer_id)
-----
CREATE INDEX ix_voucher_paper_use ON voucher_paper (use_id)
-----
CREATE INDEX ix_integrity_answer_record ON integrity_answer (record_id, check_name)
-----
CREATE INDEX ix_payout_cost_row ON payout_cost (cost_row_id)
-----
CREATE INDEX ix_payout_share_run ON payout_share (run_id)
-----
CREATE INDEX ix_pilot_openness_base ON pilot_openness (base_id)
-----
CREATE INDEX ix_pilot_openness_equipment ON pilot_openness (equipment_id)
-----
CREATE INDEX ix_pilot_service_base ON pilot_service (base_id)
-----
CREATE INDEX ix_purchase_review_proposal ON purchase_review (proposal_id)
-----
CREATE INDEX ix_record_problem_severity ON record_problem (severity, code)
-----
CREATE INDEX ix_voucher_claim_line_use ON voucher_claim_line (use_id)
-----
CREATE INDEX ix_voucher_claim_step_claim ON voucher_claim_step (claim_id, position)
-----
CREATE INDEX ix_posting_customer ON posting (customer_id, confidential)
-----
CREATE INDEX ix_posting_ended ON posting (ended_on)
-----
CREATE INDEX ix_posting_record ON posting (record_id)
-----
CREATE INDEX ix_posting_secret ON posting (confidential) WHERE confidential = 1
-----
CREATE INDEX ix_posting_sums ON posting (service_month, instrument_id, technician_id, external, amount_fen, minutes)
-----
CREATE INDEX ix_receipt_posting ON receipt (posting_id)
-----
CREATE INDEX ix_payout_line_posting ON payout_line (posting_id)
-----
CREATE INDEX ix_payout_line_receipt ON payout_line (receipt_id)
-----
CREATE INDEX ix_payout_line_reverses ON payout_line (reverses) WHERE reverses IS NOT NULL
-----
CREATE INDEX ix_payout_line_run ON payout_line (run_id)
-----
CREATE INDEX ix_payout_mark_cost ON payout_mark (cost_row_id)
-----
CREATE INDEX ix_payout_mark_posting ON payout_mark (posting_id)
-----
CREATE INDEX ix_payout_mark_receipt ON payout_mark (receipt_id)
-----
CREATE INDEX ix_payout_mark_run ON payout_mark (run_id)
-----
CREATE TRIGGER journal_attachment_insert AFTER INSERT ON attachment BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'attachment', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_attachment_update AFTER UPDATE ON attachment BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'attachment', NEW.id, 'update', json_object('id', OLD.id, 'of_kind', OLD.of_kind, 'of_id', OLD.of_id, 'name', OLD.name, 'sha256', OLD.sha256, 'n_bytes', OLD.n_bytes, 'media_type', OLD.media_type, 'note', OLD.note, 'added_by', OLD.added_by, 'added_at', OLD.added_at, 'kept', OLD.kept, 'papers', OLD.papers)); END
-----
CREATE TRIGGER journal_attachment_delete AFTER DELETE ON attachment BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'attachment', OLD.id, 'delete', json_object('id', OLD.id, 'of_kind', OLD.of_kind, 'of_id', OLD.of_id, 'name', OLD.name, 'sha256', OLD.sha256, 'n_bytes', OLD.n_bytes, 'media_type', OLD.media_type, 'note', OLD.note, 'added_by', OLD.added_by, 'added_at', OLD.added_at, 'kept', OLD.kept, 'papers', OLD.papers)); END
-----
CREATE TRIGGER journal_calendar_day_insert AFTER INSERT ON calendar_day BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'calendar_day', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_calendar_day_update AFTER UPDATE ON calendar_day BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'calendar_day', NEW.id, 'update', json_object('id', OLD.id, 'day', OLD.day, 'kind', OLD.kind, 'document', OLD.document)); END
-----
CREATE TRIGGER journal_calendar_day_delete AFTER DELETE ON calendar_day BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'calendar_day', OLD.id, 'delete', json_object('id', OLD.id, 'day', OLD.day, 'kind', OLD.kind, 'document', OLD.document)); END
-----
CREATE TRIGGER journal_customer_insert AFTER INSERT ON customer BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'customer', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_customer_update AFTER UPDATE ON customer BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'customer', NEW.id, 'update', json_object('id', OLD.id, 'name', OLD.name, 'internal', OLD.internal, 'uscc', OLD.uscc, 'nature', OLD.nature, 'city', OLD.city, 'industry', OLD.industry, 'n_staff', OLD.n_staff, 'revenue_wan', OLD.revenue_wan, 'size_class', OLD.size_class, 'size_on', OLD.size_on, 'contact', OLD.contact, 'phone', OLD.phone, 'department', OLD.department, 'imported', OLD.imported)); END
-----
CREATE TRIGGER journal_customer_delete AFTER DELETE ON customer BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'customer', OLD.id, 'delete', json_object('id', OLD.id, 'name', OLD.name, 'internal', OLD.internal, 'uscc', OLD.uscc, 'nature', OLD.nature, 'city', OLD.city, 'industry', OLD.industry, 'n_staff', OLD.n_staff, 'revenue_wan', OLD.revenue_wan, 'size_class', OLD.size_class, 'size_on', OLD.size_on, 'contact', OLD.contact, 'phone', OLD.phone, 'department', OLD.department, 'imported', OLD.imported)); END
-----
CREATE TRIGGER journal_institution_insert AFTER INSERT ON institution BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'institution', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_institution_update AFTER UPDATE ON institution BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'institution', NEW.id, 'update', json_object('id', OLD.id, 'name', OLD.name, 'uscc', OLD.uscc, 'kind', OLD.kind, 'region', OLD.region)); END
-----
CREATE TRIGGER journal_institution_delete AFTER DELETE ON institution BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'institution', OLD.id, 'delete', json_object('id', OLD.id, 'name', OLD.name, 'uscc', OLD.uscc, 'kind', OLD.kind, 'region', OLD.region)); END
-----
CREATE TRIGGER journal_instrument_insert AFTER INSERT ON instrument BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'instrument', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_instrument_update AFTER UPDATE ON instrument BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'instrument', NEW.id, 'update', json_object('id', OLD.id, 'asset_number', OLD.asset_number, 'name', OLD.name, 'value_fen', OLD.value_fen, 'fiscal', OLD.fiscal, 'confidential', OLD.confidential, 'accepted_on', OLD.accepted_on, 'booked_on', OLD.booked_on, 'network_number', OLD.network_number, 'joined_on', OLD.joined_on, 'filing_number', OLD.filing_number, 'filed_on', OLD.filed_on, 'secrecy_level', OLD.secrecy_level, 'english_name', OLD.english_name, 'carrier_type', OLD.carrier_type, 'carrier_number', OLD.carrier_number, 'department', OLD.department, 'class_code', OLD.class_code, 'source', OLD.source, 'customs_supervised', OLD.customs_supervised, 'country', OLD.country, 'manufacturer', OLD.manufacturer, 'category', OLD.category, 'model', OLD.model, 'technical', OLD.technical, 'functions', OLD.functions, 'subjects', OLD.subjects, 'funds', OLD.funds, 'service_content', OLD.service_content, 'image', OLD.image, 'yearly_hours', OLD.yearly_hours, 'user_notes', OLD.user_notes, 'fee_text', OLD.fee_text, 'booking_url', OLD.booking_url, 'province', OLD.province, 'city', OLD.city, 'county', OLD.county, 'street', OLD.street, 'external_hours', OLD.external_hours, 'contact', OLD.contact, 'phone', OLD.phone, 'email', OLD.email, 'address', OLD.address, 'postcode', OLD.postcode, 'declaration_number', OLD.declaration_number, 'declaration_item', OLD.declaration_item, 'released_on', OLD.released_on, 'declared_name', OLD.declared_name, 'retired_on', OLD.retired_on, 'imported', OLD.imported)); END
-----
CREATE TRIGGER journal_instrument_delete AFTER DELETE ON instrument BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'instrument', OLD.id, 'delete', json_object('id', OLD.id, 'asset_number', OLD.asset_number, 'name', OLD.name, 'value_fen', OLD.value_fen, 'fiscal', OLD.fiscal, 'confidential', OLD.confidential, 'accepted_on', OLD.accepted_on, 'booked_on', OLD.booked_on, 'network_number', OLD.network_number, 'joined_on', OLD.joined_on, 'filing_number', OLD.filing_number, 'filed_on', OLD.filed_on, 'secrecy_level', OLD.secrecy_level, 'english_name', OLD.english_name, 'carrier_type', OLD.carrier_type, 'carrier_number', OLD.carrier_number, 'department', OLD.department, 'class_code', OLD.class_code, 'source', OLD.source, 'customs_supervised', OLD.customs_supervised, 'country', OLD.country, 'manufacturer', OLD.manufacturer, 'category', OLD.category, 'model', OLD.model, 'technical', OLD.technical, 'functions', OLD.functions, 'subjects', OLD.subjects, 'funds', OLD.funds, 'service_content', OLD.service_content, 'image', OLD.image, 'yearly_hours', OLD.yearly_hours, 'user_notes', OLD.user_notes, 'fee_text', OLD.fee_text, 'booking_url', OLD.booking_url, 'province', OLD.province, 'city', OLD.city, 'county', OLD.county, 'street', OLD.street, 'external_hours', OLD.external_hours, 'contact', OLD.contact, 'phone', OLD.phone, 'email', OLD.email, 'address', OLD.address, 'postcode', OLD.postcode, 'declaration_number', OLD.declaration_number, 'declaration_item', OLD.declaration_item, 'released_on', OLD.released_on, 'declared_name', OLD.declared_name, 'retired_on', OLD.retired_on, 'imported', OLD.imported)); END
-----
CREATE TRIGGER journal_management_document_insert AFTER INSERT ON management_document BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'management_document', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_management_document_update AFTER UPDATE ON management_document BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'management_document', NEW.id, 'update', json_object('id', OLD.id, 'kind', OLD.kind, 'number', OLD.number, 'title', OLD.title, 'issued_on', OLD.issued_on, 'from_on', OLD.from_on, 'last_on', OLD.last_on, 'issuer', OLD.issuer, 'party', OLD.party, 'note', OLD.note, 'noted_by', OLD.noted_by)); END
-----
CREATE TRIGGER journal_management_document_delete AFTER DELETE ON management_document BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'management_document', OLD.id, 'delete', json_object('id', OLD.id, 'kind', OLD.kind, 'number', OLD.number, 'title', OLD.title, 'issued_on', OLD.issued_on, 'from_on', OLD.from_on, 'last_on', OLD.last_on, 'issuer', OLD.issuer, 'party', OLD.party, 'note', OLD.note, 'noted_by', OLD.noted_by)); END
-----
CREATE TRIGGER journal_national_message_insert AFTER INSERT ON national_message BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'national_message', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER fact_national_message_update BEFORE UPDATE ON national_message WHEN 1 BEGIN SELECT RAISE(ABORT, 'a fact never changes'); END
-----
CREATE TRIGGER fact_national_message_delete BEFORE DELETE ON national_message WHEN 1 BEGIN SELECT RAISE(ABORT, 'a fact never changes'); END
-----
CREATE TRIGGER journal_notice_answer_insert AFTER INSERT ON notice_answer BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'notice_answer', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_notice_answer_update AFTER UPDATE ON notice_answer BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'notice_answer', NEW.id, 'update', json_object('id', OLD.id, 'notice_id', OLD.notice_id, 'text', OLD.text, 'answered_on', OLD.answered_on, 'answered_by', OLD.answered_by)); END
-----
CREATE TRIGGER journal_notice_answer_delete AFTER DELETE ON notice_answer BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'notice_answer', OLD.id, 'delete', json_object('id', OLD.id, 'notice_id', OLD.notice_id, 'text', OLD.text, 'answered_on', OLD.answered_on, 'answered_by', OLD.answered_by)); END
-----
CREATE TRIGGER journal_parameter_insert AFTER INSERT ON parameter BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'parameter', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_parameter_update AFTER UPDATE ON parameter BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'parameter', NEW.id, 'update', json_object('id', OLD.id, 'name', OLD.name, 'from_on', OLD.from_on, 'value', OLD.value, 'unit', OLD.unit, 'document', OLD.document, 'clause', OLD.clause, 'certainty', OLD.certainty)); END
-----
CREATE TRIGGER journal_parameter_delete AFTER DELETE ON parameter BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'parameter', OLD.id, 'delete', json_object('id', OLD.id, 'name', OLD.name, 'from_on', OLD.from_on, 'value', OLD.value, 'unit', OLD.unit, 'document', OLD.document, 'clause', OLD.clause, 'certainty', OLD.certainty)); END
-----
CREATE TRIGGER journal_person_insert AFTER INSERT ON person BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'person', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_person_update AFTER UPDATE ON person BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'person', NEW.id, 'update', json_object('id', OLD.id, 'name', OLD.name, 'role', OLD.role, 'pin_hash', OLD.pin_hash, 'active', OLD.active)); END
-----
CREATE TRIGGER journal_person_delete AFTER DELETE ON person BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'person', OLD.id, 'delete', json_object('id', OLD.id, 'name', OLD.name, 'role', OLD.role, 'pin_hash', OLD.pin_hash, 'active', OLD.active)); END
-----
CREATE TRIGGER journal_pilot_base_insert AFTER INSERT ON pilot_base BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'pilot_base', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_pilot_base_update AFTER UPDATE ON pilot_base BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'pilot_base', NEW.id, 'update', json_object('id', OLD.id, 'number', OLD.number, 'name', OLD.name, 'fields', OLD.fields, 'process', OLD.process, 'capacity', OLD.capacity, 'services', OLD.services, 'site', OLD.site, 'started_on', OLD.started_on, 'market', OLD.market, 'market_how', OLD.market_how, 'contact', OLD.contact, 'phone', OLD.phone, 'retired_on', OLD.retired_on, 'imported', OLD.imported)); END
-----
CREATE TRIGGER journal_pilot_base_delete AFTER DELETE ON pilot_base BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'pilot_base', OLD.id, 'delete', json_object('id', OLD.id, 'number', OLD.number, 'name', OLD.name, 'fields', OLD.fields, 'process', OLD.process, 'capacity', OLD.capacity, 'services', OLD.services, 'site', OLD.site, 'started_on', OLD.started_on, 'market', OLD.market, 'market_how', OLD.market_how, 'contact', OLD.contact, 'phone', OLD.phone, 'retired_on', OLD.retired_on, 'imported', OLD.imported)); END
-----
CREATE TRIGGER journal_printed_report_insert AFTER INSERT ON printed_report BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'printed_report', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER fact_printed_report_update BEFORE UPDATE ON printed_report WHEN 1 BEGIN SELECT RAISE(ABORT, 'a fact never changes'); END
-----
CREATE TRIGGER fact_printed_report_delete BEFORE DELETE ON printed_report WHEN 1 BEGIN SELECT RAISE(ABORT, 'a fact never changes'); END
-----
CREATE TRIGGER journal_province_search_insert AFTER INSERT ON province_search BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'province_search', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_province_search_update AFTER UPDATE ON province_search BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'province_search', NEW.id, 'update', json_object('id', OLD.id, 'searched_on', OLD.searched_on, 'asked', OLD.asked, 'catalogue_on', OLD.catalogue_on, 'hits', OLD.hits, 'reason', OLD.reason, 'person', OLD.person)); END
-----
CREATE TRIGGER journal_province_search_delete AFTER DELETE ON province_search BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'province_search', OLD.id, 'delete', json_object('id', OLD.id, 'searched_on', OLD.searched_on, 'asked', OLD.asked, 'catalogue_on', OLD.catalogue_on, 'hits', OLD.hits, 'reason', OLD.reason, 'person', OLD.person)); END
-----
CREATE TRIGGER journal_scheme_insert AFTER INSERT ON scheme BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'scheme', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_scheme_update AFTER UPDATE ON scheme BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'scheme', NEW.id, 'update', json_object('id', OLD.id, 'name', OLD.name, 'from_on', OLD.from_on, 'document', OLD.document, 'terms', OLD.terms)); END
-----
CREATE TRIGGER journal_scheme_delete AFTER DELETE ON scheme BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'scheme', OLD.id, 'delete', json_object('id', OLD.id, 'name', OLD.name, 'from_on', OLD.from_on, 'document', OLD.document, 'terms', OLD.terms)); END
-----
CREATE TRIGGER journal_technician_insert AFTER INSERT ON technician BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'technician', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_technician_update AFTER UPDATE ON technician BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'technician', NEW.id, 'update', json_object('id', OLD.id, 'staff_number', OLD.staff_number, 'name', OLD.name, 'department', OLD.department, 'post', OLD.post, 'coefficient', OLD.coefficient, 'instruments', OLD.instruments, 'active', OLD.active, 'imported', OLD.imported)); END
-----
CREATE TRIGGER journal_technician_delete AFTER DELETE ON technician BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'technician', OLD.id, 'delete', json_object('id', OLD.id, 'staff_number', OLD.staff_number, 'name', OLD.name, 'department', OLD.department, 'post', OLD.post, 'coefficient', OLD.coefficient, 'instruments', OLD.instruments, 'active', OLD.active, 'imported', OLD.imported)); END
-----
CREATE TRIGGER journal_training_insert AFTER INSERT ON training BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'training', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_training_update AFTER UPDATE ON training BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'training', NEW.id, 'update', json_object('id', OLD.id, 'number', OLD.number, 'name', OLD.name, 'subject', OLD.subject, 'organiser', OLD.organiser, 'place', OLD.place, 'starts_on', OLD.starts_on, 'ends_on', OLD.ends_on, 'hours', OLD.hours, 'document', OLD.document)); END
-----
CREATE TRIGGER journal_training_delete AFTER DELETE ON training BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'training', OLD.id, 'delete', json_object('id', OLD.id, 'number', OLD.number, 'name', OLD.name, 'subject', OLD.subject, 'organiser', OLD.organiser, 'place', OLD.place, 'starts_on', OLD.starts_on, 'ends_on', OLD.ends_on, 'hours', OLD.hours, 'document', OLD.document)); END
-----
CREATE TRIGGER journal_cers_set_insert AFTER INSERT ON cers_set BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'cers_set', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_cers_set_update AFTER UPDATE ON cers_set BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'cers_set', NEW.id, 'update', json_object('id', OLD.id, 'instrument_id', OLD.instrument_id, 'inner_id', OLD.inner_id, 'assets_code', OLD.assets_code, 'classification_code', OLD.classification_code, 'alias', OLD.alias, 'application_area', OLD.application_area, 'maker_certification', OLD.maker_certification, 'country_code', OLD.country_code, 'image_url', OLD.image_url, 'group_id', OLD.group_id, 'share_level', OLD.share_level, 'open_calendar', OLD.open_calendar, 'service_charge', OLD.service_charge, 'state', OLD.state, 'page_url', OLD.page_url, 'noted_by', OLD.noted_by)); END
-----
CREATE TRIGGER journal_cers_set_delete AFTER DELETE ON cers_set BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'cers_set', OLD.id, 'delete', json_object('id', OLD.id, 'instrument_id', OLD.instrument_id, 'inner_id', OLD.inner_id, 'assets_code', OLD.assets_code, 'classification_code', OLD.classification_code, 'alias', OLD.alias, 'application_area', OLD.application_area, 'maker_certification', OLD.maker_certification, 'country_code', OLD.country_code, 'image_url', OLD.image_url, 'group_id', OLD.group_id, 'share_level', OLD.share_level, 'open_calendar', OLD.open_calendar, 'service_charge', OLD.service_charge, 'state', OLD.state, 'page_url', OLD.page_url, 'noted_by', OLD.noted_by)); END
-----
CREATE TRIGGER journal_cost_row_insert AFTER INSERT ON cost_row BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'cost_row', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_cost_row_update AFTER UPDATE ON cost_row BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'cost_row', NEW.id, 'update', json_object('id', OLD.id, 'kind', OLD.kind, 'instrument_id', OLD.instrument_id, 'period_from', OLD.period_from, 'period_to', OLD.period_to, 'fen', OLD.fen, 'document', OLD.document, 'withdrawn', OLD.withdrawn)); END
-----
CREATE TRIGGER journal_cost_row_delete AFTER DELETE ON cost_row BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'cost_row', OLD.id, 'delete', json_object('id', OLD.id, 'kind', OLD.kind, 'instrument_id', OLD.instrument_id, 'period_from', OLD.period_from, 'period_to', OLD.period_to, 'fen', OLD.fen, 'document', OLD.document, 'withdrawn', OLD.withdrawn)); END
-----
CREATE TRIGGER journal_evaluation_fact_insert AFTER INSERT ON evaluation_fact BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'evaluation_fact', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_evaluation_fact_update AFTER UPDATE ON evaluation_fact BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'evaluation_fact', NEW.id, 'update', json_object('id', OLD.id, 'instrument_id', OLD.instrument_id, 'year', OLD.year, 'item', OLD.item, 'count', OLD.count, 'ground', OLD.ground, 'noted_on', OLD.noted_on, 'noted_by', OLD.noted_by)); END
-----
CREATE TRIGGER journal_evaluation_fact_delete AFTER DELETE ON evaluation_fact BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'evaluation_fact', OLD.id, 'delete', json_object('id', OLD.id, 'instrument_id', OLD.instrument_id, 'year', OLD.year, 'item', OLD.item, 'count', OLD.count, 'ground', OLD.ground, 'noted_on', OLD.noted_on, 'noted_by', OLD.noted_by)); END
-----
CREATE TRIGGER journal_fee_schedule_insert AFTER INSERT ON fee_schedule BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'fee_schedule', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_fee_schedule_update AFTER UPDATE ON fee_schedule BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'fee_schedule', NEW.id, 'update', json_object('id', OLD.id, 'instrument_id', OLD.instrument_id, 'from_on', OLD.from_on, 'to_on', OLD.to_on, 'state', OLD.state, 'title', OLD.title, 'document', OLD.document, 'prepared_by', OLD.prepared_by, 'approved_by', OLD.approved_by, 'note', OLD.note)); END
-----
CREATE TRIGGER journal_fee_schedule_delete AFTER DELETE ON fee_schedule BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'fee_schedule', OLD.id, 'delete', json_object('id', OLD.id, 'instrument_id', OLD.instrument_id, 'from_on', OLD.from_on, 'to_on', OLD.to_on, 'state', OLD.state, 'title', OLD.title, 'document', OLD.document, 'prepared_by', OLD.prepared_by, 'approved_by', OLD.approved_by, 'note', OLD.note)); END
-----
CREATE TRIGGER journal_month_event_insert AFTER INSERT ON month_event BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'month_event', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER fact_month_event_update BEFORE UPDATE ON month_event WHEN 1 BEGIN SELECT RAISE(ABORT, 'a fact never changes'); END
-----
CREATE TRIGGER fact_month_event_delete BEFORE DELETE ON month_event WHEN 1 BEGIN SELECT RAISE(ABORT, 'a fact never changes'); END
-----
CREATE TRIGGER journal_national_audit_insert AFTER INSERT ON national_audit BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'national_audit', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_national_audit_update AFTER UPDATE ON national_audit BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'national_audit', NEW.id, 'update', json_object('id', OLD.id, 'message_id', OLD.message_id, 'row_key', OLD.row_key, 'state', OLD.state, 'seen_on', OLD.seen_on, 'reason', OLD.reason, 'raw', OLD.raw, 'at', OLD.at, 'by', OLD.by)); END
-----
CREATE TRIGGER journal_national_audit_delete AFTER DELETE ON national_audit BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'national_audit', OLD.id, 'delete', json_object('id', OLD.id, 'message_id', OLD.message_id, 'row_key', OLD.row_key, 'state', OLD.state, 'seen_on', OLD.seen_on, 'reason', OLD.reason, 'raw', OLD.raw, 'at', OLD.at, 'by', OLD.by)); END
-----
CREATE TRIGGER journal_national_closed_insert AFTER INSERT ON national_closed BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'national_closed', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_national_closed_update AFTER UPDATE ON national_closed BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'national_closed', NEW.id, 'update', json_object('id', OLD.id, 'instrument_id', OLD.instrument_id, 'reason', OLD.reason, 'note', OLD.note, 'noted_on', OLD.noted_on, 'noted_by', OLD.noted_by)); END
-----
CREATE TRIGGER journal_national_closed_delete AFTER DELETE ON national_closed BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'national_closed', OLD.id, 'delete', json_object('id', OLD.id, 'instrument_id', OLD.instrument_id, 'reason', OLD.reason, 'note', OLD.note, 'noted_on', OLD.noted_on, 'noted_by', OLD.noted_by)); END
-----
CREATE TRIGGER journal_national_event_insert AFTER INSERT ON national_event BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'national_event', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER fact_national_event_update BEFORE UPDATE ON national_event WHEN 1 BEGIN SELECT RAISE(ABORT, 'a fact never changes'); END
-----
CREATE TRIGGER fact_national_event_delete BEFORE DELETE ON national_event WHEN 1 BEGIN SELECT RAISE(ABORT, 'a fact never changes'); END
-----
CREATE TRIGGER journal_national_removal_insert AFTER INSERT ON national_removal BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'national_removal', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_national_removal_update AFTER UPDATE ON national_removal BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'national_removal', NEW.id, 'update', json_object('id', OLD.id, 'message_id', OLD.message_id, 'row_key', OLD.row_key, 'at', OLD.at, 'reason', OLD.reason, 'by', OLD.by)); END
-----
CREATE TRIGGER journal_national_removal_delete AFTER DELETE ON national_removal BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'national_removal', OLD.id, 'delete', json_object('id', OLD.id, 'message_id', OLD.message_id, 'row_key', OLD.row_key, 'at', OLD.at, 'reason', OLD.reason, 'by', OLD.by)); END
-----
CREATE TRIGGER journal_outside_use_insert AFTER INSERT ON outside_use BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'outside_use', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_outside_use_update AFTER UPDATE ON outside_use BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'outside_use', NEW.id, 'update', json_object('id', OLD.id, 'number', OLD.number, 'customer_id', OLD.customer_id, 'instrument_name', OLD.instrument_name, 'institution', OLD.institution, 'province', OLD.province, 'started_on', OLD.started_on, 'ended_at', OLD.ended_at, 'fee_fen', OLD.fee_fen, 'invoiced_fen', OLD.invoiced_fen, 'excluded_fen', OLD.excluded_fen, 'excluded_why', OLD.excluded_why, 'through_network', OLD.through_network, 'order_number', OLD.order_number, 'contract', OLD.contract, 'search_id', OLD.search_id)); END
-----
CREATE TRIGGER journal_outside_use_delete AFTER DELETE ON outside_use BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'outside_use', OLD.id, 'delete', json_object('id', OLD.id, 'number', OLD.number, 'customer_id', OLD.customer_id, 'instrument_name', OLD.instrument_name, 'institution', OLD.institution, 'province', OLD.province, 'started_on', OLD.started_on, 'ended_at', OLD.ended_at, 'fee_fen', OLD.fee_fen, 'invoiced_fen', OLD.invoiced_fen, 'excluded_fen', OLD.excluded_fen, 'excluded_why', OLD.excluded_why, 'through_network', OLD.through_network, 'order_number', OLD.order_number, 'contract', OLD.contract, 'search_id', OLD.search_id)); END
-----
CREATE TRIGGER journal_payout_run_insert AFTER INSERT ON payout_run BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'payout_run', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_payout_run_update AFTER UPDATE ON payout_run BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'payout_run', NEW.id, 'update', json_object('id', OLD.id, 'number', OLD.number, 'to_on', OLD.to_on, 'scheme_id', OLD.scheme_id, 'state', OLD.state, 'basis', OLD.basis, 'income_fen', OLD.income_fen, 'cost_fen', OLD.cost_fen, 'pool_fen', OLD.pool_fen, 'figure', OLD.figure, 'prepared_by', OLD.prepared_by, 'prepared_at', OLD.prepared_at, 'approved_by', OLD.approved_by, 'approved_at', OLD.approved_at, 'closed_by', OLD.closed_by, 'closed_at', OLD.closed_at, 'reverses', OLD.reverses, 'reason', OLD.reason, 'findings', OLD.findings)); END
-----
CREATE TRIGGER journal_payout_run_delete AFTER DELETE ON payout_run BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'payout_run', OLD.id, 'delete', json_object('id', OLD.id, 'number', OLD.number, 'to_on', OLD.to_on, 'scheme_id', OLD.scheme_id, 'state', OLD.state, 'basis', OLD.basis, 'income_fen', OLD.income_fen, 'cost_fen', OLD.cost_fen, 'pool_fen', OLD.pool_fen, 'figure', OLD.figure, 'prepared_by', OLD.prepared_by, 'prepared_at', OLD.prepared_at, 'approved_by', OLD.approved_by, 'approved_at', OLD.approved_at, 'closed_by', OLD.closed_by, 'closed_at', OLD.closed_at, 'reverses', OLD.reverses, 'reason', OLD.reason, 'findings', OLD.findings)); END
-----
CREATE TRIGGER journal_pilot_equipment_insert AFTER INSERT ON pilot_equipment BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'pilot_equipment', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_pilot_equipment_update AFTER UPDATE ON pilot_equipment BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'pilot_equipment', NEW.id, 'update', json_object('id', OLD.id, 'number', OLD.number, 'name', OLD.name, 'base_id', OLD.base_id, 'instrument_id', OLD.instrument_id, 'model', OLD.model, 'value_fen', OLD.value_fen, 'accepted_on', OLD.accepted_on, 'process', OLD.process, 'capacity', OLD.capacity, 'services', OLD.services, 'confidential', OLD.confidential, 'retired_on', OLD.retired_on, 'imported', OLD.imported)); END
-----
CREATE TRIGGER journal_pilot_equipment_delete AFTER DELETE ON pilot_equipment BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'pilot_equipment', OLD.id, 'delete', json_object('id', OLD.id, 'number', OLD.number, 'name', OLD.name, 'base_id', OLD.base_id, 'instrument_id', OLD.instrument_id, 'model', OLD.model, 'value_fen', OLD.value_fen, 'accepted_on', OLD.accepted_on, 'process', OLD.process, 'capacity', OLD.capacity, 'services', OLD.services, 'confidential', OLD.confidential, 'retired_on', OLD.retired_on, 'imported', OLD.imported)); END
-----
CREATE TRIGGER journal_pilot_partner_insert AFTER INSERT ON pilot_partner BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'pilot_partner', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_pilot_partner_update AFTER UPDATE ON pilot_partner BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'pilot_partner', NEW.id, 'update', json_object('id', OLD.id, 'base_id', OLD.base_id, 'name', OLD.name, 'kind', OLD.kind, 'part', OLD.part, 'document', OLD.document)); END
-----
CREATE TRIGGER journal_pilot_partner_delete AFTER DELETE ON pilot_partner BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'pilot_partner', OLD.id, 'delete', json_object('id', OLD.id, 'base_id', OLD.base_id, 'name', OLD.name, 'kind', OLD.kind, 'part', OLD.part, 'document', OLD.document)); END
-----
CREATE TRIGGER journal_power_band_insert AFTER INSERT ON power_band BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'power_band', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_power_band_update AFTER UPDATE ON power_band BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'power_band', NEW.id, 'update', json_object('id', OLD.id, 'instrument_id', OLD.instrument_id, 'from_on', OLD.from_on, 'off_watts', OLD.off_watts, 'working_watts', OLD.working_watts)); END
-----
CREATE TRIGGER journal_power_band_delete AFTER DELETE ON power_band BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'power_band', OLD.id, 'delete', json_object('id', OLD.id, 'instrument_id', OLD.instrument_id, 'from_on', OLD.from_on, 'off_watts', OLD.off_watts, 'working_watts', OLD.working_watts)); END
-----
CREATE TRIGGER journal_purchase_proposal_insert AFTER INSERT ON purchase_proposal BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'purchase_proposal', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_purchase_proposal_update AFTER UPDATE ON purchase_proposal BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'purchase_proposal', NEW.id, 'update', json_object('id', OLD.id, 'number', OLD.number, 'proposed_on', OLD.proposed_on, 'name', OLD.name, 'price_fen', OLD.price_fen, 'provincial_fen', OLD.provincial_fen, 'central_fen', OLD.central_fen, 'model', OLD.model, 'class_code', OLD.class_code, 'functions', OLD.functions, 'department', OLD.department, 'reason', OLD.reason, 'state', OLD.state, 'prepared_by', OLD.prepared_by, 'prepared_at', OLD.prepared_at)); END
-----
CREATE TRIGGER journal_purchase_proposal_delete AFTER DELETE ON purchase_proposal BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'purchase_proposal', OLD.id, 'delete', json_object('id', OLD.id, 'number', OLD.number, 'proposed_on', OLD.proposed_on, 'name', OLD.name, 'price_fen', OLD.price_fen, 'provincial_fen', OLD.provincial_fen, 'central_fen', OLD.central_fen, 'model', OLD.model, 'class_code', OLD.class_code, 'functions', OLD.functions, 'department', OLD.department, 'reason', OLD.reason, 'state', OLD.state, 'prepared_by', OLD.prepared_by, 'prepared_at', OLD.prepared_at)); END
-----
CREATE TRIGGER journal_reclassification_insert AFTER INSERT ON reclassification BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'reclassification', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_reclassification_update AFTER UPDATE ON reclassification BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'reclassification', NEW.id, 'update', json_object('id', OLD.id, 'instrument_id', OLD.instrument_id, 'to_confidential', OLD.to_confidential, 'state', OLD.state, 'reason', OLD.reason, 'document', OLD.document, 'prepared_by', OLD.prepared_by, 'prepared_at', OLD.prepared_at, 'decided_by', OLD.decided_by, 'decided_at', OLD.decided_at, 'note', OLD.note)); END
-----
CREATE TRIGGER journal_reclassification_delete AFTER DELETE ON reclassification BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'reclassification', OLD.id, 'delete', json_object('id', OLD.id, 'instrument_id', OLD.instrument_id, 'to_confidential', OLD.to_confidential, 'state', OLD.state, 'reason', OLD.reason, 'document', OLD.document, 'prepared_by', OLD.prepared_by, 'prepared_at', OLD.prepared_at, 'decided_by', OLD.decided_by, 'decided_at', OLD.decided_at, 'note', OLD.note)); END
-----
CREATE TRIGGER journal_sensor_binding_insert AFTER INSERT ON sensor_binding BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'sensor_binding', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_sensor_binding_update AFTER UPDATE ON sensor_binding BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'sensor_binding', NEW.id, 'update', json_object('id', OLD.id, 'instrument_id', OLD.instrument_id, 'sensor', OLD.sensor, 'from_on', OLD.from_on, 'until_on', OLD.until_on, 'source', OLD.source)); END
-----
CREATE TRIGGER journal_sensor_binding_delete AFTER DELETE ON sensor_binding BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'sensor_binding', OLD.id, 'delete', json_object('id', OLD.id, 'instrument_id', OLD.instrument_id, 'sensor', OLD.sensor, 'from_on', OLD.from_on, 'until_on', OLD.until_on, 'source', OLD.source)); END
-----
CREATE TRIGGER journal_sensor_session_insert AFTER INSERT ON sensor_session BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'sensor_session', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_sensor_session_update AFTER UPDATE ON sensor_session BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'sensor_session', NEW.id, 'update', json_object('id', OLD.id, 'instrument_id', OLD.instrument_id, 'sensor', OLD.sensor, 'started_at', OLD.started_at, 'ended_at', OLD.ended_at, 'band', OLD.band, 'n_watt_hours', OLD.n_watt_hours, 'source', OLD.source)); END
-----
CREATE TRIGGER journal_sensor_session_delete AFTER DELETE ON sensor_session BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'sensor_session', OLD.id, 'delete', json_object('id', OLD.id, 'instrument_id', OLD.instrument_id, 'sensor', OLD.sensor, 'started_at', OLD.started_at, 'ended_at', OLD.ended_at, 'band', OLD.band, 'n_watt_hours', OLD.n_watt_hours, 'source', OLD.source)); END
-----
CREATE TRIGGER journal_service_record_insert AFTER INSERT ON service_record BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'service_record', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_service_record_update AFTER UPDATE ON service_record BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'service_record', NEW.id, 'update', json_object('id', OLD.id, 'number', OLD.number, 'instrument_id', OLD.instrument_id, 'customer_id', OLD.customer_id, 'customer_name', OLD.customer_name, 'started_at', OLD.started_at, 'ended_at', OLD.ended_at, 'minutes', OLD.minutes, 'item', OLD.item, 'derived', OLD.derived, 'claimed_hours', OLD.claimed_hours, 'quantity', OLD.quantity, 'second_quantity', OLD.second_quantity, 'operator_id', OLD.operator_id, 'operator_name', OLD.operator_name, 'contact', OLD.contact, 'way', OLD.way, 'direction', OLD.direction, 'contract', OLD.contract, 'urgent', OLD.urgent, 'urgent_said', OLD.urgent_said, 'rating', OLD.rating, 'note', OLD.note, 'agreed_price_fen', OLD.agreed_price_fen, 'consumables_fen', OLD.consumables_fen, 'long_reason', OLD.long_reason, 'state', OLD.state, 'confidential', OLD.confidential, 'replaces', OLD.replaces, 'answers', OLD.answers, 'imported', OLD.imported)); END
-----
CREATE TRIGGER journal_service_record_delete AFTER DELETE ON service_record BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'service_record', OLD.id, 'delete', json_object('id', OLD.id, 'number', OLD.number, 'instrument_id', OLD.instrument_id, 'customer_id', OLD.customer_id, 'customer_name', OLD.customer_name, 'started_at', OLD.started_at, 'ended_at', OLD.ended_at, 'minutes', OLD.minutes, 'item', OLD.item, 'derived', OLD.derived, 'claimed_hours', OLD.claimed_hours, 'quantity', OLD.quantity, 'second_quantity', OLD.second_quantity, 'operator_id', OLD.operator_id, 'operator_name', OLD.operator_name, 'contact', OLD.contact, 'way', OLD.way, 'direction', OLD.direction, 'contract', OLD.contract, 'urgent', OLD.urgent, 'urgent_said', OLD.urgent_said, 'rating', OLD.rating, 'note', OLD.note, 'agreed_price_fen', OLD.agreed_price_fen, 'consumables_fen', OLD.consumables_fen, 'long_reason', OLD.long_reason, 'state', OLD.state, 'confidential', OLD.confidential, 'replaces', OLD.replaces, 'answers', OLD.answers, 'imported', OLD.imported)); END
-----
CREATE TRIGGER journal_staff_fact_insert AFTER INSERT ON staff_fact BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'staff_fact', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_staff_fact_update AFTER UPDATE ON staff_fact BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'staff_fact', NEW.id, 'update', json_object('id', OLD.id, 'technician_id', OLD.technician_id, 'kind', OLD.kind, 'value', OLD.value, 'from_on', OLD.from_on, 'last_on', OLD.last_on, 'issuer', OLD.issuer, 'number', OLD.number, 'ground', OLD.ground, 'factor', OLD.factor, 'noted_by', OLD.noted_by)); END
-----
CREATE TRIGGER journal_staff_fact_delete AFTER DELETE ON staff_fact BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'staff_fact', OLD.id, 'delete', json_object('id', OLD.id, 'technician_id', OLD.technician_id, 'kind', OLD.kind, 'value', OLD.value, 'from_on', OLD.from_on, 'last_on', OLD.last_on, 'issuer', OLD.issuer, 'number', OLD.number, 'ground', OLD.ground, 'factor', OLD.factor, 'noted_by', OLD.noted_by)); END
-----
CREATE TRIGGER journal_take_back_insert AFTER INSERT ON take_back BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'take_back', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_take_back_update AFTER UPDATE ON take_back BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'take_back', NEW.id, 'update', json_object('id', OLD.id, 'instrument_id', OLD.instrument_id, 'reason', OLD.reason, 'asked_by', OLD.asked_by, 'asked_at', OLD.asked_at, 'given_up_at', OLD.given_up_at)); END
-----
CREATE TRIGGER journal_take_back_delete AFTER DELETE ON take_back BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'take_back', OLD.id, 'delete', json_object('id', OLD.id, 'instrument_id', OLD.instrument_id, 'reason', OLD.reason, 'asked_by', OLD.asked_by, 'asked_at', OLD.asked_at, 'given_up_at', OLD.given_up_at)); END
-----
CREATE TRIGGER journal_training_attendance_insert AFTER INSERT ON training_attendance BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'training_attendance', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_training_attendance_update AFTER UPDATE ON training_attendance BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'training_attendance', NEW.id, 'update', json_object('id', OLD.id, 'training_id', OLD.training_id, 'technician_id', OLD.technician_id, 'name', OLD.name, 'organisation', OLD.organisation, 'outcome', OLD.outcome, 'certificate', OLD.certificate)); END
-----
CREATE TRIGGER journal_training_attendance_delete AFTER DELETE ON training_attendance BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'training_attendance', OLD.id, 'delete', json_object('id', OLD.id, 'training_id', OLD.training_id, 'technician_id', OLD.technician_id, 'name', OLD.name, 'organisation', OLD.organisation, 'outcome', OLD.outcome, 'certificate', OLD.certificate)); END
-----
CREATE TRIGGER journal_transfer_insert AFTER INSERT ON transfer BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'transfer', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_transfer_update AFTER UPDATE ON transfer BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'transfer', NEW.id, 'update', json_object('id', OLD.id, 'number', OLD.number, 'instrument_id', OLD.instrument_id, 'kind', OLD.kind, 'state', OLD.state, 'reason', OLD.reason, 'from_department', OLD.from_department, 'to_department', OLD.to_department, 'keeper', OLD.keeper, 'receiver', OLD.receiver, 'receiver_uscc', OLD.receiver_uscc, 'document', OLD.document, 'figure', OLD.figure, 'prepared_by', OLD.prepared_by, 'prepared_at', OLD.prepared_at, 'decided_by', OLD.decided_by, 'decided_at', OLD.decided_at, 'note', OLD.note, 'handed_on', OLD.handed_on, 'gave', OLD.gave, 'took', OLD.took, 'parts', OLD.parts)); END
-----
CREATE TRIGGER journal_transfer_delete AFTER DELETE ON transfer BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'transfer', OLD.id, 'delete', json_object('id', OLD.id, 'number', OLD.number, 'instrument_id', OLD.instrument_id, 'kind', OLD.kind, 'state', OLD.state, 'reason', OLD.reason, 'from_department', OLD.from_department, 'to_department', OLD.to_department, 'keeper', OLD.keeper, 'receiver', OLD.receiver, 'receiver_uscc', OLD.receiver_uscc, 'document', OLD.document, 'figure', OLD.figure, 'prepared_by', OLD.prepared_by, 'prepared_at', OLD.prepared_at, 'decided_by', OLD.decided_by, 'decided_at', OLD.decided_at, 'note', OLD.note, 'handed_on', OLD.handed_on, 'gave', OLD.gave, 'took', OLD.took, 'parts', OLD.parts)); END
-----
CREATE TRIGGER journal_university_count_insert AFTER INSERT ON university_count BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'university_count', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_university_count_update AFTER UPDATE ON university_count BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'university_count', NEW.id, 'update', json_object('id', OLD.id, 'instrument_id', OLD.instrument_id, 'year', OLD.year, 'item', OLD.item, 'amount', OLD.amount, 'ground', OLD.ground, 'noted_on', OLD.noted_on, 'noted_by', OLD.noted_by)); END
-----
CREATE TRIGGER journal_university_count_delete AFTER DELETE ON university_count BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'university_count', OLD.id, 'delete', json_object('id', OLD.id, 'instrument_id', OLD.instrument_id, 'year', OLD.year, 'item', OLD.item, 'amount', OLD.amount, 'ground', OLD.ground, 'noted_on', OLD.noted_on, 'noted_by', OLD.noted_by)); END
-----
CREATE TRIGGER journal_university_set_insert AFTER INSERT ON university_set BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'university_set', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_university_set_update AFTER UPDATE ON university_set BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'university_set', NEW.id, 'update', json_object('id', OLD.id, 'instrument_id', OLD.instrument_id, 'number', OLD.number, 'class_code', OLD.class_code, 'use', OLD.use, 'department_code', OLD.department_code, 'state', OLD.state, 'name', OLD.name, 'specification', OLD.specification, 'noted_by', OLD.noted_by)); END
-----
CREATE TRIGGER journal_university_set_delete AFTER DELETE ON university_set BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'university_set', OLD.id, 'delete', json_object('id', OLD.id, 'instrument_id', OLD.instrument_id, 'number', OLD.number, 'class_code', OLD.class_code, 'use', OLD.use, 'department_code', OLD.department_code, 'state', OLD.state, 'name', OLD.name, 'specification', OLD.specification, 'noted_by', OLD.noted_by)); END
-----
CREATE TRIGGER journal_voucher_claim_insert AFTER INSERT ON voucher_claim BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'voucher_claim', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_voucher_claim_update AFTER UPDATE ON voucher_claim BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'voucher_claim', NEW.id, 'update', json_object('id', OLD.id, 'number', OLD.number, 'customer_id', OLD.customer_id, 'year', OLD.year, 'note', OLD.note)); END
-----
CREATE TRIGGER journal_voucher_claim_delete AFTER DELETE ON voucher_claim BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'voucher_claim', OLD.id, 'delete', json_object('id', OLD.id, 'number', OLD.number, 'customer_id', OLD.customer_id, 'year', OLD.year, 'note', OLD.note)); END
-----
CREATE TRIGGER journal_voucher_enterprise_insert AFTER INSERT ON voucher_enterprise BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'voucher_enterprise', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_voucher_enterprise_update AFTER UPDATE ON voucher_enterprise BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'voucher_enterprise', NEW.id, 'update', json_object('id', OLD.id, 'customer_id', OLD.customer_id, 'place', OLD.place, 'assets_wan', OLD.assets_wan)); END
-----
CREATE TRIGGER journal_voucher_enterprise_delete AFTER DELETE ON voucher_enterprise BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'voucher_enterprise', OLD.id, 'delete', json_object('id', OLD.id, 'customer_id', OLD.customer_id, 'place', OLD.place, 'assets_wan', OLD.assets_wan)); END
-----
CREATE TRIGGER journal_voucher_group_insert AFTER INSERT ON voucher_group BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'voucher_group', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_voucher_group_update AFTER UPDATE ON voucher_group BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'voucher_group', NEW.id, 'update', json_object('id', OLD.id, 'customer_id', OLD.customer_id, 'name', OLD.name, 'from_on', OLD.from_on, 'to_on', OLD.to_on, 'document', OLD.document)); END
-----
CREATE TRIGGER journal_voucher_group_delete AFTER DELETE ON voucher_group BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'voucher_group', OLD.id, 'delete', json_object('id', OLD.id, 'customer_id', OLD.customer_id, 'name', OLD.name, 'from_on', OLD.from_on, 'to_on', OLD.to_on, 'document', OLD.document)); END
-----
CREATE TRIGGER journal_voucher_paper_insert AFTER INSERT ON voucher_paper BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'voucher_paper', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_voucher_paper_update AFTER UPDATE ON voucher_paper BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'voucher_paper', NEW.id, 'update', json_object('id', OLD.id, 'use_kind', OLD.use_kind, 'use_id', OLD.use_id, 'item', OLD.item, 'attachment_id', OLD.attachment_id, 'number', OLD.number, 'waived_why', OLD.waived_why)); END
-----
CREATE TRIGGER journal_voucher_paper_delete AFTER DELETE ON voucher_paper BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'voucher_paper', OLD.id, 'delete', json_object('id', OLD.id, 'use_kind', OLD.use_kind, 'use_id', OLD.use_id, 'item', OLD.item, 'attachment_id', OLD.attachment_id, 'number', OLD.number, 'waived_why', OLD.waived_why)); END
-----
CREATE TRIGGER journal_cost_component_insert AFTER INSERT ON cost_component BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'cost_component', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_cost_component_update AFTER UPDATE ON cost_component BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'cost_component', NEW.id, 'update', json_object('id', OLD.id, 'schedule_id', OLD.schedule_id, 'kind', OLD.kind, 'amount_fen', OLD.amount_fen, 'rate', OLD.rate, 'evidence', OLD.evidence)); END
-----
CREATE TRIGGER journal_cost_component_delete AFTER DELETE ON cost_component BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'cost_component', OLD.id, 'delete', json_object('id', OLD.id, 'schedule_id', OLD.schedule_id, 'kind', OLD.kind, 'amount_fen', OLD.amount_fen, 'rate', OLD.rate, 'evidence', OLD.evidence)); END
-----
CREATE TRIGGER journal_fee_line_insert AFTER INSERT ON fee_line BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'fee_line', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_fee_line_update AFTER UPDATE ON fee_line BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'fee_line', NEW.id, 'update', json_object('id', OLD.id, 'schedule_id', OLD.schedule_id, 'position', OLD.position, 'item', OLD.item, 'terms', OLD.terms, 'source_text', OLD.source_text, 'to_confirm', OLD.to_confirm, 'note', OLD.note)); END
-----
CREATE TRIGGER journal_fee_line_delete AFTER DELETE ON fee_line BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'fee_line', OLD.id, 'delete', json_object('id', OLD.id, 'schedule_id', OLD.schedule_id, 'position', OLD.position, 'item', OLD.item, 'terms', OLD.terms, 'source_text', OLD.source_text, 'to_confirm', OLD.to_confirm, 'note', OLD.note)); END
-----
CREATE TRIGGER journal_integrity_answer_insert AFTER INSERT ON integrity_answer BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'integrity_answer', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_integrity_answer_update AFTER UPDATE ON integrity_answer BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'integrity_answer', NEW.id, 'update', json_object('id', OLD.id, 'check_name', OLD.check_name, 'record_id', OLD.record_id, 'state', OLD.state, 'text', OLD.text, 'answered_on', OLD.answered_on, 'correction', OLD.correction, 'evidence', OLD.evidence, 'answered_by', OLD.answered_by)); END
-----
CREATE TRIGGER journal_integrity_answer_delete AFTER DELETE ON integrity_answer BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'integrity_answer', OLD.id, 'delete', json_object('id', OLD.id, 'check_name', OLD.check_name, 'record_id', OLD.record_id, 'state', OLD.state, 'text', OLD.text, 'answered_on', OLD.answered_on, 'correction', OLD.correction, 'evidence', OLD.evidence, 'answered_by', OLD.answered_by)); END
-----
CREATE TRIGGER journal_national_service_insert AFTER INSERT ON national_service BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'national_service', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_national_service_update AFTER UPDATE ON national_service BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'national_service', NEW.id, 'update', json_object('id', OLD.id, 'record_id', OLD.record_id, 'project', OLD.project, 'income', OLD.income, 'area', OLD.area, 'content', OLD.content, 'email', OLD.email, 'moved_to', OLD.moved_to, 'customs_notice', OLD.customs_notice, 'duty_paid', OLD.duty_paid, 'handler', OLD.handler, 'noted_by', OLD.noted_by)); END
-----
CREATE TRIGGER journal_national_service_delete AFTER DELETE ON national_service BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'national_service', OLD.id, 'delete', json_object('id', OLD.id, 'record_id', OLD.record_id, 'project', OLD.project, 'income', OLD.income, 'area', OLD.area, 'content', OLD.content, 'email', OLD.email, 'moved_to', OLD.moved_to, 'customs_notice', OLD.customs_notice, 'duty_paid', OLD.duty_paid, 'handler', OLD.handler, 'noted_by', OLD.noted_by)); END
-----
CREATE TRIGGER journal_payout_cost_insert AFTER INSERT ON payout_cost BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'payout_cost', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER fact_payout_cost_update BEFORE UPDATE ON payout_cost WHEN 1 BEGIN SELECT RAISE(ABORT, 'a fact never changes'); END
-----
CREATE TRIGGER fact_payout_cost_delete BEFORE DELETE ON payout_cost WHEN 1 BEGIN SELECT RAISE(ABORT, 'a fact never changes'); END
-----
CREATE TRIGGER journal_payout_share_insert AFTER INSERT ON payout_share BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'payout_share', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER fact_payout_share_update BEFORE UPDATE ON payout_share WHEN 1 BEGIN SELECT RAISE(ABORT, 'a fact never changes'); END
-----
CREATE TRIGGER fact_payout_share_delete BEFORE DELETE ON payout_share WHEN 1 BEGIN SELECT RAISE(ABORT, 'a fact never changes'); END
-----
CREATE TRIGGER journal_pilot_openness_insert AFTER INSERT ON pilot_openness BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'pilot_openness', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_pilot_openness_update AFTER UPDATE ON pilot_openness BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'pilot_openness', NEW.id, 'update', json_object('id', OLD.id, 'base_id', OLD.base_id, 'equipment_id', OLD.equipment_id, 'state', OLD.state, 'from_on', OLD.from_on, 'reason', OLD.reason, 'said_by', OLD.said_by, 'said_at', OLD.said_at)); END
-----
CREATE TRIGGER journal_pilot_openness_delete AFTER DELETE ON pilot_openness BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'pilot_openness', OLD.id, 'delete', json_object('id', OLD.id, 'base_id', OLD.base_id, 'equipment_id', OLD.equipment_id, 'state', OLD.state, 'from_on', OLD.from_on, 'reason', OLD.reason, 'said_by', OLD.said_by, 'said_at', OLD.said_at)); END
-----
CREATE TRIGGER journal_pilot_service_insert AFTER INSERT ON pilot_service BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'pilot_service', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_pilot_service_update AFTER UPDATE ON pilot_service BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'pilot_service', NEW.id, 'update', json_object('id', OLD.id, 'record_id', OLD.record_id, 'base_id', OLD.base_id, 'equipment_id', OLD.equipment_id, 'what', OLD.what)); END
-----
CREATE TRIGGER journal_pilot_service_delete AFTER DELETE ON pilot_service BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'pilot_service', OLD.id, 'delete', json_object('id', OLD.id, 'record_id', OLD.record_id, 'base_id', OLD.base_id, 'equipment_id', OLD.equipment_id, 'what', OLD.what)); END
-----
CREATE TRIGGER journal_purchase_national_insert AFTER INSERT ON purchase_national BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'purchase_national', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_purchase_national_update AFTER UPDATE ON purchase_national BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'purchase_national', NEW.id, 'update', json_object('id', OLD.id, 'proposal_id', OLD.proposal_id, 'document', OLD.document, 'outcome', OLD.outcome, 'decided_on', OLD.decided_on, 'noted_on', OLD.noted_on, 'text', OLD.text, 'similar', OLD.similar, 'noted_by', OLD.noted_by)); END
-----
CREATE TRIGGER journal_purchase_national_delete AFTER DELETE ON purchase_national BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'purchase_national', OLD.id, 'delete', json_object('id', OLD.id, 'proposal_id', OLD.proposal_id, 'document', OLD.document, 'outcome', OLD.outcome, 'decided_on', OLD.decided_on, 'noted_on', OLD.noted_on, 'text', OLD.text, 'similar', OLD.similar, 'noted_by', OLD.noted_by)); END
-----
CREATE TRIGGER journal_purchase_review_insert AFTER INSERT ON purchase_review BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'purchase_review', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER fact_purchase_review_update BEFORE UPDATE ON purchase_review WHEN 1 BEGIN SELECT RAISE(ABORT, 'a fact never changes'); END
-----
CREATE TRIGGER fact_purchase_review_delete BEFORE DELETE ON purchase_review WHEN 1 BEGIN SELECT RAISE(ABORT, 'a fact never changes'); END
-----
CREATE TRIGGER journal_record_problem_insert AFTER INSERT ON record_problem BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'record_problem', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_record_problem_update AFTER UPDATE ON record_problem BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'record_problem', NEW.id, 'update', json_object('id', OLD.id, 'record_id', OLD.record_id, 'code', OLD.code, 'severity', OLD.severity, 'params', OLD.params, 'field', OLD.field)); END
-----
CREATE TRIGGER journal_record_problem_delete AFTER DELETE ON record_problem BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'record_problem', OLD.id, 'delete', json_object('id', OLD.id, 'record_id', OLD.record_id, 'code', OLD.code, 'severity', OLD.severity, 'params', OLD.params, 'field', OLD.field)); END
-----
CREATE TRIGGER journal_user_rating_insert AFTER INSERT ON user_rating BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'user_rating', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_user_rating_update AFTER UPDATE ON user_rating BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'user_rating', NEW.id, 'update', json_object('id', OLD.id, 'record_id', OLD.record_id, 'word', OLD.word, 'given_on', OLD.given_on, 'comment', OLD.comment, 'noted_by', OLD.noted_by)); END
-----
CREATE TRIGGER journal_user_rating_delete AFTER DELETE ON user_rating BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'user_rating', OLD.id, 'delete', json_object('id', OLD.id, 'record_id', OLD.record_id, 'word', OLD.word, 'given_on', OLD.given_on, 'comment', OLD.comment, 'noted_by', OLD.noted_by)); END
-----
CREATE TRIGGER journal_voucher_claim_line_insert AFTER INSERT ON voucher_claim_line BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'voucher_claim_line', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_voucher_claim_line_update AFTER UPDATE ON voucher_claim_line BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'voucher_claim_line', NEW.id, 'update', json_object('id', OLD.id, 'claim_id', OLD.claim_id, 'position', OLD.position, 'use_kind', OLD.use_kind, 'use_id', OLD.use_id, 'granted_fen', OLD.granted_fen, 'top_up_fen', OLD.top_up_fen, 'figure', OLD.figure)); END
-----
CREATE TRIGGER journal_voucher_claim_line_delete AFTER DELETE ON voucher_claim_line BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'voucher_claim_line', OLD.id, 'delete', json_object('id', OLD.id, 'claim_id', OLD.claim_id, 'position', OLD.position, 'use_kind', OLD.use_kind, 'use_id', OLD.use_id, 'granted_fen', OLD.granted_fen, 'top_up_fen', OLD.top_up_fen, 'figure', OLD.figure)); END
-----
CREATE TRIGGER journal_voucher_claim_step_insert AFTER INSERT ON voucher_claim_step BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'voucher_claim_step', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER fact_voucher_claim_step_update BEFORE UPDATE ON voucher_claim_step WHEN 1 BEGIN SELECT RAISE(ABORT, 'a fact never changes'); END
-----
CREATE TRIGGER fact_voucher_claim_step_delete BEFORE DELETE ON voucher_claim_step WHEN 1 BEGIN SELECT RAISE(ABORT, 'a fact never changes'); END
-----
CREATE TRIGGER journal_voucher_mark_insert AFTER INSERT ON voucher_mark BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'voucher_mark', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_voucher_mark_update AFTER UPDATE ON voucher_mark BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'voucher_mark', NEW.id, 'update', json_object('id', OLD.id, 'record_id', OLD.record_id, 'through_network', OLD.through_network, 'order_number', OLD.order_number, 'invoiced_fen', OLD.invoiced_fen, 'excluded_fen', OLD.excluded_fen, 'excluded_why', OLD.excluded_why)); END
-----
CREATE TRIGGER journal_voucher_mark_delete AFTER DELETE ON voucher_mark BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'voucher_mark', OLD.id, 'delete', json_object('id', OLD.id, 'record_id', OLD.record_id, 'through_network', OLD.through_network, 'order_number', OLD.order_number, 'invoiced_fen', OLD.invoiced_fen, 'excluded_fen', OLD.excluded_fen, 'excluded_why', OLD.excluded_why)); END
-----
CREATE TRIGGER journal_posting_insert AFTER INSERT ON posting BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'posting', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER fact_posting_update BEFORE UPDATE ON posting WHEN NOT (NEW.id IS OLD.id AND NEW.record_id IS OLD.record_id AND NEW.record_number IS OLD.record_number AND NEW.instrument_id IS OLD.instrument_id AND NEW.technician_id IS OLD.technician_id AND NEW.customer_id IS OLD.customer_id AND NEW.schedule_id IS OLD.schedule_id AND NEW.line_id IS OLD.line_id AND NEW.customer_class IS OLD.customer_class AND NEW.external IS OLD.external AND NEW.quantity IS OLD.quantity AND NEW.unit IS OLD.unit AND NEW.unit_price_fen IS OLD.unit_price_fen AND NEW.amount_fen IS OLD.amount_fen AND NEW.minutes IS OLD.minutes AND NEW.rule_text IS OLD.rule_text AND NEW.ended_on IS OLD.ended_on AND NEW.service_month IS OLD.service_month AND NEW.posted_on IS OLD.posted_on AND NEW.reverses IS OLD.reverses AND NEW.reason IS OLD.reason AND NEW.late IS OLD.late AND NEW.confidential = (SELECT coalesce(i.confidential, 0) FROM instrument i WHERE i.id = NEW.instrument_id)) AND NOT (OLD.reverses IS NOT NULL AND OLD.confidential = 0 AND NEW.id IS OLD.id AND NEW.record_id IS OLD.record_id AND NEW.record_number IS OLD.record_number AND NEW.instrument_id IS OLD.instrument_id AND NEW.technician_id IS OLD.technician_id AND NEW.customer_id IS OLD.customer_id AND NEW.schedule_id IS OLD.schedule_id AND NEW.line_id IS OLD.line_id AND NEW.customer_class IS OLD.customer_class AND NEW.external IS OLD.external AND NEW.confidential IS OLD.confidential AND NEW.quantity IS OLD.quantity AND NEW.unit IS OLD.unit AND NEW.unit_price_fen IS OLD.unit_price_fen AND NEW.amount_fen IS OLD.amount_fen AND NEW.minutes IS OLD.minutes AND NEW.rule_text IS OLD.rule_text AND NEW.ended_on IS OLD.ended_on AND NEW.service_month IS OLD.service_month AND NEW.reverses IS OLD.reverses AND EXISTS (SELECT 1 FROM sync_base b WHERE b.remote IN ('hub', 'network') AND b.kind = 'posting' AND b.key = OLD.id AND b.body IS NOT NULL AND coalesce(json_extract(b.body, '$.id'), OLD.id) IS NEW.id AND coalesce(json_extract(b.body, '$.record_id'), OLD.record_id) IS NEW.record_id AND coalesce(json_extract(b.body, '$.record_number'), OLD.record_number) IS NEW.record_number AND coalesce(json_extract(b.body, '$.instrument_id'), OLD.instrument_id) IS NEW.instrument_id AND coalesce(json_extract(b.body, '$.technician_id'), OLD.technician_id) IS NEW.technician_id AND coalesce(json_extract(b.body, '$.customer_id'), OLD.customer_id) IS NEW.customer_id AND coalesce(json_extract(b.body, '$.schedule_id'), OLD.schedule_id) IS NEW.schedule_id AND coalesce(json_extract(b.body, '$.line_id'), OLD.line_id) IS NEW.line_id AND coalesce(json_extract(b.body, '$.customer_class'), OLD.customer_class) IS NEW.customer_class AND coalesce(json_extract(b.body, '$.external'), OLD.external) IS NEW.external AND coalesce(json_extract(b.body, '$.quantity'), OLD.quantity) IS NEW.quantity AND coalesce(json_extract(b.body, '$.unit'), OLD.unit) IS NEW.unit AND coalesce(json_extract(b.body, '$.unit_price_fen'), OLD.unit_price_fen) IS NEW.unit_price_fen AND coalesce(json_extract(b.body, '$.amount_fen'), OLD.amount_fen) IS NEW.amount_fen AND coalesce(json_extract(b.body, '$.minutes'), OLD.minutes) IS NEW.minutes AND coalesce(json_extract(b.body, '$.rule_text'), OLD.rule_text) IS NEW.rule_text AND coalesce(json_extract(b.body, '$.ended_on'), OLD.ended_on) IS NEW.ended_on AND coalesce(json_extract(b.body, '$.service_month'), OLD.service_month) IS NEW.service_month AND coalesce(json_extract(b.body, '$.posted_on'), OLD.posted_on) IS NEW.posted_on AND coalesce(json_extract(b.body, '$.reverses'), OLD.reverses) IS NEW.reverses AND coalesce(json_extract(b.body, '$.reason'), OLD.reason) IS NEW.reason AND coalesce(json_extract(b.body, '$.late'), OLD.late) IS NEW.late) AND NOT EXISTS (SELECT 1 FROM sync_base b WHERE b.remote IN ('hub', 'network') AND b.kind = 'posting' AND b.key = OLD.id AND b.body IS NOT NULL AND (coalesce(json_extract(b.body, '$.posted_on'), NEW.posted_on) IS NOT NEW.posted_on OR coalesce(json_extract(b.body, '$.reason'), NEW.reason) IS NOT NEW.reason OR coalesce(json_extract(b.body, '$.late'), NEW.late) IS NOT NEW.late))) AND NOT (NEW.id IS OLD.id AND NEW.record_id IS OLD.record_id AND NEW.instrument_id IS OLD.instrument_id AND NEW.technician_id IS OLD.technician_id AND NEW.customer_id IS OLD.customer_id AND NEW.schedule_id IS OLD.schedule_id AND NEW.line_id IS OLD.line_id AND NEW.customer_class IS OLD.customer_class AND NEW.external IS OLD.external AND NEW.confidential IS OLD.confidential AND NEW.quantity IS OLD.quantity AND NEW.unit IS OLD.unit AND NEW.unit_price_fen IS OLD.unit_price_fen AND NEW.amount_fen IS OLD.amount_fen AND NEW.minutes IS OLD.minutes AND NEW.rule_text IS OLD.rule_text AND NEW.ended_on IS OLD.ended_on AND NEW.service_month IS OLD.service_month AND NEW.posted_on IS OLD.posted_on AND NEW.reverses IS OLD.reverses AND NEW.reason IS OLD.reason AND NEW.late IS OLD.late AND NOT EXISTS (SELECT 1 FROM sync_base b WHERE b.remote IN ('hub', 'network') AND b.kind = 'service_record' AND b.key = OLD.record_id AND b.body IS NOT NULL)) BEGIN SELECT RAISE(ABORT, 'a fact never changes'); END
-----
CREATE TRIGGER journal_posting_update AFTER UPDATE ON posting BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'posting', NEW.id, 'update', json_object('id', OLD.id, 'record_id', OLD.record_id, 'record_number', OLD.record_number, 'instrument_id', OLD.instrument_id, 'technician_id', OLD.technician_id, 'customer_id', OLD.customer_id, 'schedule_id', OLD.schedule_id, 'line_id', OLD.line_id, 'customer_class', OLD.customer_class, 'external', OLD.external, 'confidential', OLD.confidential, 'quantity', OLD.quantity, 'unit', OLD.unit, 'unit_price_fen', OLD.unit_price_fen, 'amount_fen', OLD.amount_fen, 'minutes', OLD.minutes, 'rule_text', OLD.rule_text, 'ended_on', OLD.ended_on, 'service_month', OLD.service_month, 'posted_on', OLD.posted_on, 'reverses', OLD.reverses, 'reason', OLD.reason, 'late', OLD.late)); END
-----
CREATE TRIGGER fact_posting_delete BEFORE DELETE ON posting WHEN 1 BEGIN SELECT RAISE(ABORT, 'a fact never changes'); END
-----
CREATE TRIGGER journal_receipt_insert AFTER INSERT ON receipt BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'receipt', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER fact_receipt_update BEFORE UPDATE ON receipt WHEN NOT (OLD.reverses IS NOT NULL AND EXISTS (SELECT 1 FROM posting p WHERE p.id = OLD.posting_id AND p.confidential = 0) AND NEW.id IS OLD.id AND NEW.posting_id IS OLD.posting_id AND NEW.fen IS OLD.fen AND NEW.invoice_number IS OLD.invoice_number AND NEW.reverses IS OLD.reverses AND EXISTS (SELECT 1 FROM sync_base b WHERE b.remote IN ('hub', 'network') AND b.kind = 'receipt' AND b.key = OLD.id AND b.body IS NOT NULL AND coalesce(json_extract(b.body, '$.id'), OLD.id) IS NEW.id AND coalesce(json_extract(b.body, '$.posting_id'), OLD.posting_id) IS NEW.posting_id AND coalesce(json_extract(b.body, '$.received_on'), OLD.received_on) IS NEW.received_on AND coalesce(json_extract(b.body, '$.fen'), OLD.fen) IS NEW.fen AND coalesce(json_extract(b.body, '$.invoice_number'), OLD.invoice_number) IS NEW.invoice_number AND coalesce(json_extract(b.body, '$.reverses'), OLD.reverses) IS NEW.reverses) AND NOT EXISTS (SELECT 1 FROM sync_base b WHERE b.remote IN ('hub', 'network') AND b.kind = 'receipt' AND b.key = OLD.id AND b.body IS NOT NULL AND (coalesce(json_extract(b.body, '$.received_on'), NEW.received_on) IS NOT NEW.received_on))) BEGIN SELECT RAISE(ABORT, 'a fact never changes'); END
-----
CREATE TRIGGER journal_receipt_update AFTER UPDATE ON receipt BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'receipt', NEW.id, 'update', json_object('id', OLD.id, 'posting_id', OLD.posting_id, 'received_on', OLD.received_on, 'fen', OLD.fen, 'invoice_number', OLD.invoice_number, 'reverses', OLD.reverses)); END
-----
CREATE TRIGGER fact_receipt_delete BEFORE DELETE ON receipt WHEN 1 BEGIN SELECT RAISE(ABORT, 'a fact never changes'); END
-----
CREATE TRIGGER journal_payout_line_insert AFTER INSERT ON payout_line BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'payout_line', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER fact_payout_line_update BEFORE UPDATE ON payout_line WHEN 1 BEGIN SELECT RAISE(ABORT, 'a fact never changes'); END
-----
CREATE TRIGGER fact_payout_line_delete BEFORE DELETE ON payout_line WHEN 1 BEGIN SELECT RAISE(ABORT, 'a fact never changes'); END
-----
CREATE TRIGGER journal_payout_mark_insert AFTER INSERT ON payout_mark BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'payout_mark', NEW.id, 'insert', NULL); END
-----
CREATE TRIGGER journal_payout_mark_update AFTER UPDATE ON payout_mark BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'payout_mark', NEW.id, 'update', json_object('id', OLD.id, 'run_id', OLD.run_id, 'run_number', OLD.run_number, 'settles', OLD.settles, 'posting_id', OLD.posting_id, 'receipt_id', OLD.receipt_id, 'minutes', OLD.minutes, 'cost_row_id', OLD.cost_row_id, 'from_on', OLD.from_on, 'to_on', OLD.to_on, 'released', OLD.released)); END
-----
CREATE TRIGGER journal_payout_mark_delete AFTER DELETE ON payout_mark BEGIN INSERT INTO journal (operation, kind, key, verb, old) VALUES ((SELECT seq FROM open_operation), 'payout_mark', OLD.id, 'delete', json_object('id', OLD.id, 'run_id', OLD.run_id, 'run_number', OLD.run_number, 'settles', OLD.settles, 'posting_id', OLD.posting_id, 'receipt_id', OLD.receipt_id, 'minutes', OLD.minutes, 'cost_row_id', OLD.cost_row_id, 'from_on', OLD.from_on, 'to_on', OLD.to_on, 'released', OLD.released)); END
-----
CREATE TRIGGER fact_operation_update BEFORE UPDATE ON operation WHEN 1 BEGIN SELECT RAISE(ABORT, 'the journal never changes'); END
-----
CREATE TRIGGER fact_operation_delete BEFORE DELETE ON operation WHEN 1 BEGIN SELECT RAISE(ABORT, 'the journal never changes'); END
-----
CREATE TRIGGER fact_journal_update BEFORE UPDATE ON journal WHEN 1 BEGIN SELECT RAISE(ABORT, 'the journal never changes'); END
-----
CREATE TRIGGER fact_journal_delete BEFORE DELETE ON journal WHEN 1 BEGIN SELECT RAISE(ABORT, 'the journal never changes'); END
-----
CREATE TRIGGER fact_journal_after_update BEFORE UPDATE ON journal_after WHEN 1 BEGIN SELECT RAISE(ABORT, 'the journal never changes'); END
-----
CREATE TRIGGER fact_journal_after_delete BEFORE DELETE ON journal_after WHEN 1 BEGIN SELECT RAISE(ABORT, 'the journal never changes'); END
-----
CREATE TRIGGER instrument_reclassified BEFORE UPDATE ON instrument WHEN (OLD.confidential IS 1 AND NEW.confidential IS NOT 1 AND NOT EXISTS (SELECT 1 FROM reclassification c WHERE c.rowid = (SELECT max(n.rowid) FROM reclassification n WHERE n.instrument_id = OLD.id) AND ((c.to_confidential = 0 AND c.state = 'approved') OR (c.to_confidential = 1 AND c.state = 'declined')))) OR (OLD.confidential IS 0 AND NEW.confidential IS 1 AND NOT EXISTS (SELECT 1 FROM reclassification c WHERE c.rowid = (SELECT max(n.rowid) FROM reclassification n WHERE n.instrument_id = OLD.id) AND c.to_confidential = 1 AND c.state IN ('prepared', 'approved'))) BEGIN SELECT RAISE(ABORT, 'confidentiality never changes but by two people'); END
-----
CREATE TRIGGER reclassification_insert BEFORE INSERT ON reclassification WHEN NEW.state <> 'prepared' OR NEW.to_confidential IS (SELECT i.confidential FROM instrument i WHERE i.id = NEW.instrument_id) BEGIN SELECT RAISE(ABORT, 'a reclassification begins prepared'); END
-----
CREATE TRIGGER reclassification_update BEFORE UPDATE ON reclassification WHEN OLD.state <> 'prepared' OR NOT (NEW.id IS OLD.id AND NEW.instrument_id IS OLD.instrument_id AND NEW.to_confidential IS OLD.to_confidential AND NEW.reason IS OLD.reason AND NEW.document IS OLD.document AND NEW.prepared_by IS OLD.prepared_by AND NEW.prepared_at IS OLD.prepared_at) BEGIN SELECT RAISE(ABORT, 'a reclassification never changes once decided'); END
-----
CREATE TRIGGER reclassification_delete BEFORE DELETE ON reclassification WHEN 1 BEGIN SELECT RAISE(ABORT, 'a reclassification never changes once decided'); END
-----
CREATE TRIGGER transfer_insert BEFORE INSERT ON transfer WHEN NEW.state <> 'prepared' BEGIN SELECT RAISE(ABORT, 'a transfer begins prepared'); END
-----
CREATE TRIGGER transfer_update BEFORE UPDATE ON transfer WHEN NOT ((OLD.state = 'prepared' AND NEW.state IN ('approved', 'declined', 'withdrawn') AND NEW.id IS OLD.id AND NEW.number IS OLD.number AND NEW.instrument_id IS OLD.instrument_id AND NEW.kind IS OLD.kind AND NEW.reason IS OLD.reason AND NEW.from_department IS OLD.from_department AND NEW.to_department IS OLD.to_department AND NEW.keeper IS OLD.keeper AND NEW.receiver IS OLD.receiver AND NEW.receiver_uscc IS OLD.receiver_uscc AND NEW.figure IS OLD.figure AND NEW.prepared_by IS OLD.prepared_by AND NEW.prepared_at IS OLD.prepared_at AND NEW.handed_on IS OLD.handed_on AND NEW.gave IS OLD.gave AND NEW.took IS OLD.took AND NEW.parts IS OLD.parts) OR (OLD.state = 'approved' AND NEW.state = 'handed_over' AND NEW.id IS OLD.id AND NEW.number IS OLD.number AND NEW.instrument_id IS OLD.instrument_id AND NEW.kind IS OLD.kind AND NEW.reason IS OLD.reason AND NEW.from_department IS OLD.from_department AND NEW.to_department IS OLD.to_department AND NEW.keeper IS OLD.keeper AND NEW.receiver IS OLD.receiver AND NEW.receiver_uscc IS OLD.receiver_uscc AND NEW.document IS OLD.document AND NEW.figure IS OLD.figure AND NEW.prepared_by IS OLD.prepared_by AND NEW.prepared_at IS OLD.prepared_at AND NEW.decided_by IS OLD.decided_by AND NEW.decided_at IS OLD.decided_at AND NEW.note IS OLD.note)) BEGIN SELECT RAISE(ABORT, 'a transfer goes forward only'); END
-----
CREATE TRIGGER transfer_delete BEFORE DELETE ON transfer WHEN 1 BEGIN SELECT RAISE(ABORT, 'a transfer goes forward only'); END
-----
CREATE TRIGGER posted_record_update BEFORE UPDATE ON service_record WHEN OLD.state <> 'draft' AND NOT (OLD.state = 'posted' AND NEW.state = 'reversed' AND NEW.id IS OLD.id AND NEW.number IS OLD.number AND NEW.instrument_id IS OLD.instrument_id AND NEW.customer_id IS OLD.customer_id AND NEW.customer_name IS OLD.customer_name AND NEW.started_at IS OLD.started_at AND NEW.ended_at IS OLD.ended_at AND NEW.minutes IS OLD.minutes AND NEW.item IS OLD.item AND NEW.derived IS OLD.derived AND NEW.claimed_hours IS OLD.claimed_hours AND NEW.quantity IS OLD.quantity AND NEW.second_quantity IS OLD.second_quantity AND NEW.operator_id IS OLD.operator_id AND NEW.operator_name IS OLD.operator_name AND NEW.contact IS OLD.contact AND NEW.way IS OLD.way AND NEW.direction IS OLD.direction AND NEW.contract IS OLD.contract AND NEW.urgent IS OLD.urgent AND NEW.urgent_said IS OLD.urgent_said AND NEW.rating IS OLD.rating AND NEW.note IS OLD.note AND NEW.agreed_price_fen IS OLD.agreed_price_fen AND NEW.consumables_fen IS OLD.consumables_fen AND NEW.long_reason IS OLD.long_reason AND NEW.confidential IS OLD.confidential AND NEW.replaces IS OLD.replaces AND NEW.answers IS OLD.answers AND NEW.imported IS OLD.imported) AND NOT (OLD.state = 'reversed' AND NEW.state = 'posted' AND NEW.id IS OLD.id AND NEW.number IS OLD.number AND NEW.instrument_id IS OLD.instrument_id AND NEW.customer_id IS OLD.customer_id AND NEW.customer_name IS OLD.customer_name AND NEW.started_at IS OLD.started_at AND NEW.ended_at IS OLD.ended_at AND NEW.minutes IS OLD.minutes AND NEW.item IS OLD.item AND NEW.derived IS OLD.derived AND NEW.claimed_hours IS OLD.claimed_hours AND NEW.quantity IS OLD.quantity AND NEW.second_quantity IS OLD.second_quantity AND NEW.operator_id IS OLD.operator_id AND NEW.operator_name IS OLD.operator_name AND NEW.contact IS OLD.contact AND NEW.way IS OLD.way AND NEW.direction IS OLD.direction AND NEW.contract IS OLD.contract AND NEW.urgent IS OLD.urgent AND NEW.urgent_said IS OLD.urgent_said AND NEW.rating IS OLD.rating AND NEW.note IS OLD.note AND NEW.agreed_price_fen IS OLD.agreed_price_fen AND NEW.consumables_fen IS OLD.consumables_fen AND NEW.long_reason IS OLD.long_reason AND NEW.confidential IS OLD.confidential AND NEW.replaces IS OLD.replaces AND NEW.answers IS OLD.answers AND NEW.imported IS OLD.imported AND EXISTS (SELECT 1 FROM posting p WHERE p.record_id = OLD.id AND p.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM posting b WHERE b.reverses = p.id))) AND NOT (NEW.id IS OLD.id AND NEW.number IS OLD.number AND NEW.instrument_id IS OLD.instrument_id AND NEW.customer_id IS OLD.customer_id AND NEW.customer_name IS OLD.customer_name AND NEW.started_at IS OLD.started_at AND NEW.ended_at IS OLD.ended_at AND NEW.minutes IS OLD.minutes AND NEW.item IS OLD.item AND NEW.derived IS OLD.derived AND NEW.claimed_hours IS OLD.claimed_hours AND NEW.quantity IS OLD.quantity AND NEW.second_quantity IS OLD.second_quantity AND NEW.operator_id IS OLD.operator_id AND NEW.operator_name IS OLD.operator_name AND NEW.contact IS OLD.contact AND NEW.way IS OLD.way AND NEW.direction IS OLD.direction AND NEW.contract IS OLD.contract AND NEW.urgent IS OLD.urgent AND NEW.urgent_said IS OLD.urgent_said AND NEW.rating IS OLD.rating AND NEW.note IS OLD.note AND NEW.agreed_price_fen IS OLD.agreed_price_fen AND NEW.consumables_fen IS OLD.consumables_fen AND NEW.long_reason IS OLD.long_reason AND NEW.state IS OLD.state AND NEW.replaces IS OLD.replaces AND NEW.answers IS OLD.answers AND NEW.imported IS OLD.imported AND NEW.confidential = (SELECT coalesce(i.confidential, 0) FROM instrument i WHERE i.id = NEW.instrument_id)) AND NOT (NEW.id IS OLD.id AND NEW.instrument_id IS OLD.instrument_id AND NEW.customer_id IS OLD.customer_id AND NEW.customer_name IS OLD.customer_name AND NEW.started_at IS OLD.started_at AND NEW.ended_at IS OLD.ended_at AND NEW.minutes IS OLD.minutes AND NEW.item IS OLD.item AND NEW.derived IS OLD.derived AND NEW.claimed_hours IS OLD.claimed_hours AND NEW.quantity IS OLD.quantity AND NEW.second_quantity IS OLD.second_quantity AND NEW.operator_id IS OLD.operator_id AND NEW.operator_name IS OLD.operator_name AND NEW.contact IS OLD.contact AND NEW.way IS OLD.way AND NEW.direction IS OLD.direction AND NEW.contract IS OLD.contract AND NEW.urgent IS OLD.urgent AND NEW.urgent_said IS OLD.urgent_said AND NEW.rating IS OLD.rating AND NEW.note IS OLD.note AND NEW.agreed_price_fen IS OLD.agreed_price_fen AND NEW.consumables_fen IS OLD.consumables_fen AND NEW.long_reason IS OLD.long_reason AND NEW.state IS OLD.state AND NEW.confidential IS OLD.confidential AND NEW.replaces IS OLD.replaces AND NEW.answers IS OLD.answers AND NEW.imported IS OLD.imported AND NOT EXISTS (SELECT 1 FROM sync_base b WHERE b.remote IN ('hub', 'network') AND b.kind = 'service_record' AND b.key = OLD.id AND b.body IS NOT NULL)) BEGIN SELECT RAISE(ABORT, 'a posted record never changes'); END
-----
CREATE TRIGGER posted_record_delete BEFORE DELETE ON service_record WHEN OLD.state <> 'draft' BEGIN SELECT RAISE(ABORT, 'a posted record never changes'); END
-----
CREATE TRIGGER posting_reverses BEFORE INSERT ON posting WHEN NEW.reverses IS NOT NULL AND NOT EXISTS (SELECT 1 FROM posting p WHERE p.id = NEW.reverses AND p.reverses IS NULL AND p.record_id = NEW.record_id AND p.amount_fen = -NEW.amount_fen AND p.minutes = -NEW.minutes) BEGIN SELECT RAISE(ABORT, 'a reversal mirrors its posting'); END
-----
CREATE TRIGGER posting_once BEFORE INSERT ON posting WHEN NEW.reverses IS NULL AND EXISTS (SELECT 1 FROM posting p WHERE p.record_id = NEW.record_id AND +p.reverses IS NULL AND NOT EXISTS (SELECT 1 FROM posting b WHERE b.reverses = p.id)) BEGIN SELECT RAISE(ABORT, 'a record is posted once: posting.record_id'); END
-----
CREATE TRIGGER receipt_reverses BEFORE INSERT ON receipt WHEN (NEW.reverses IS NULL AND NEW.fen <= 0) OR (NEW.reverses IS NOT NULL AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.id = NEW.reverses AND r.posting_id = NEW.posting_id AND r.fen = -NEW.fen)) BEGIN SELECT RAISE(ABORT, 'a reversal mirrors its receipt'); END
-----
CREATE TRIGGER fee_overlap_insert BEFORE INSERT ON fee_schedule WHEN NEW.state <> 'draft' AND EXISTS (SELECT 1 FROM fee_schedule s WHERE s.instrument_id = NEW.instrument_id AND s.id <> NEW.id AND s.state <> 'draft' AND (s.to_on IS NULL OR s.to_on > NEW.from_on) AND (NEW.to_on IS NULL OR NEW.to_on > s.from_on)) BEGIN SELECT RAISE(ABORT, 'fee versions overlap'); END
-----
CREATE TRIGGER fee_overlap_update BEFORE UPDATE ON fee_schedule WHEN NEW.state <> 'draft' AND EXISTS (SELECT 1 FROM fee_schedule s WHERE s.instrument_id = NEW.instrument_id AND s.id <> NEW.id AND s.state <> 'draft' AND (s.to_on IS NULL OR s.to_on > NEW.from_on) AND (NEW.to_on IS NULL OR NEW.to_on > s.from_on)) BEGIN SELECT RAISE(ABORT, 'fee versions overlap'); END
-----
CREATE TRIGGER fee_schedule_used BEFORE UPDATE ON fee_schedule WHEN EXISTS (SELECT 1 FROM posting p WHERE p.schedule_id = OLD.id) AND (NOT (NEW.id IS OLD.id AND NEW.instrument_id IS OLD.instrument_id AND NEW.from_on IS OLD.from_on AND NEW.title IS OLD.title AND NEW.document IS OLD.document AND NEW.prepared_by IS OLD.prepared_by) OR NEW.state = 'draft' OR EXISTS (SELECT 1 FROM posting p WHERE p.schedule_id = OLD.id AND NEW.to_on IS NOT NULL AND p.ended_on >= NEW.to_on)) BEGIN SELECT RAISE(ABORT, 'a used fee version never changes'); END
-----
CREATE TRIGGER fee_line_used BEFORE UPDATE ON fee_line WHEN EXISTS (SELECT 1 FROM posting p WHERE p.line_id = OLD.id) AND NOT (NEW.id IS OLD.id AND NEW.schedule_id IS OLD.schedule_id AND NEW.position IS OLD.position AND NEW.item IS OLD.item AND NEW.terms IS OLD.terms AND NEW.source_text IS OLD.source_text AND NEW.to_confirm IS OLD.to_confirm) BEGIN SELECT RAISE(ABORT, 'a used fee line never changes'); END
-----
CREATE TRIGGER payout_run_update BEFORE UPDATE ON payout_run WHEN NOT (NEW.id IS OLD.id AND NEW.to_on IS OLD.to_on AND NEW.scheme_id IS OLD.scheme_id AND NEW.basis IS OLD.basis AND NEW.income_fen IS OLD.income_fen AND NEW.cost_fen IS OLD.cost_fen AND NEW.pool_fen IS OLD.pool_fen AND NEW.figure IS OLD.figure AND NEW.prepared_by IS OLD.prepared_by AND NEW.prepared_at IS OLD.prepared_at AND NEW.reverses IS OLD.reverses AND NEW.reason IS OLD.reason AND NEW.findings IS OLD.findings) OR NOT (NEW.number = OLD.number OR NEW.number GLOB OLD.number || '-[2-9]*') OR NOT ((OLD.state = NEW.state) OR (OLD.state = 'prepared' AND NEW.state IN ('approved', 'withdrawn')) OR (OLD.state = 'approved' AND NEW.state IN ('closed', 'reversed')) OR (OLD.state = 'closed' AND NEW.state = 'reversed') OR (OLD.state = 'withdrawn' AND NEW.reverses IS NULL AND NEW.state = 'reversed') OR (OLD.state = 'withdrawn' AND NEW.reverses IS NOT NULL AND NEW.state IN ('approved', 'closed')) OR (OLD.state IN ('approved', 'closed') AND NEW.reverses IS NOT NULL AND NEW.state = 'withdrawn')) OR (OLD.approved_by IS NOT NULL AND NEW.approved_by IS NOT OLD.approved_by AND NOT EXISTS (SELECT 1 FROM sync_conflict WHERE kind = 'payout_run' AND key = OLD.id)) BEGIN SELECT RAISE(ABORT, 'a payout run only moves forward'); END
-----
CREATE TRIGGER payout_run_delete BEFORE DELETE ON payout_run WHEN 1 BEGIN SELECT RAISE(ABORT, 'a payout run is withdrawn or reversed, never deleted'); END
-----
CREATE TRIGGER payout_line_once BEFORE INSERT ON payout_line WHEN EXISTS (SELECT 1 FROM payout_run r WHERE r.id = NEW.run_id AND r.reverses IS NULL AND r.state NOT IN ('withdrawn', 'reversed')) AND EXISTS (SELECT 1 FROM payout_line l JOIN payout_run r ON r.id = l.run_id WHERE l.posting_id = NEW.posting_id AND l.run_id <> NEW.run_id AND (l.receipt_id IS NEW.receipt_id OR (l.receipt_id IS NULL) <> (NEW.receipt_id IS NULL)) AND r.reverses IS NULL AND r.state NOT IN ('withdrawn', 'reversed')) BEGIN SELECT RAISE(ABORT, 'settled already'); END
-----
CREATE TRIGGER payout_mark_update BEFORE UPDATE ON payout_mark WHEN NOT (NEW.id IS OLD.id AND NEW.run_id IS OLD.run_id AND NEW.settles IS OLD.settles AND NEW.posting_id IS OLD.posting_id AND NEW.receipt_id IS OLD.receipt_id AND NEW.minutes IS OLD.minutes AND NEW.cost_row_id IS OLD.cost_row_id AND NEW.from_on IS OLD.from_on AND NEW.to_on IS OLD.to_on) OR NEW.released < OLD.released BEGIN SELECT RAISE(ABORT, 'a payout mark only moves forward'); END
-----
CREATE TRIGGER payout_mark_delete BEFORE DELETE ON payout_mark WHEN 1 BEGIN SELECT RAISE(ABORT, 'a payout mark is released, never deleted'); END
-----
CREATE TRIGGER payout_cost_part BEFORE INSERT ON payout_cost WHEN EXISTS (SELECT 1 FROM payout_run r WHERE r.id = NEW.run_id AND r.reverses IS NULL) AND NOT EXISTS (SELECT 1 FROM cost_row k WHERE k.id = NEW.cost_row_id AND NOT (k.withdrawn AND EXISTS (SELECT 1 FROM payout_run r WHERE r.id = NEW.run_id AND r.reverses IS NULL AND r.state NOT IN ('withdrawn', 'reversed'))) AND NEW.from_on >= k.period_from AND NEW.to_on <= k.period_to AND NEW.fen = (2 * k.fen * (CAST(julianday(NEW.to_on) - julianday(k.period_from) AS INTEGER) + 1) + (CAST(julianday(k.period_to) - julianday(k.period_from) AS INTEGER) + 1)) / (2 * (CAST(julianday(k.period_to) - julianday(k.period_from) AS INTEGER) + 1)) - (2 * k.fen * CAST(julianday(NEW.from_on) - julianday(k.period_from) AS INTEGER) + (CAST(julianday(k.period_to) - julianday(k.period_from) AS INTEGER) + 1)) / (2 * (CAST(julianday(k.period_to) - julianday(k.period_from) AS INTEGER) + 1))) BEGIN SELECT RAISE(ABORT, 'a part of a cost is what falls on its days'); END
-----
CREATE TRIGGER payout_cost_once BEFORE INSERT ON payout_cost WHEN EXISTS (SELECT 1 FROM payout_run r WHERE r.id = NEW.run_id AND r.reverses IS NULL AND r.state NOT IN ('withdrawn', 'reversed')) AND EXISTS (SELECT 1 FROM payout_cost c JOIN payout_run r ON r.id = c.run_id WHERE c.cost_row_id = NEW.cost_row_id AND c.from_on <= NEW.to_on AND c.to_on >= NEW.from_on AND r.reverses IS NULL AND r.state NOT IN ('withdrawn', 'reversed')) BEGIN SELECT RAISE(ABORT, 'settled already'); END
-----
CREATE TRIGGER payout_cost_reverses BEFORE INSERT ON payout_cost WHEN EXISTS (SELECT 1 FROM payout_run r WHERE r.id = NEW.run_id AND r.reverses IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM payout_run r JOIN payout_cost c ON c.run_id = r.reverses WHERE r.id = NEW.run_id AND c.cost_row_id = NEW.cost_row_id AND c.from_on = NEW.from_on AND c.to_on = NEW.to_on AND c.fen = -NEW.fen) BEGIN SELECT RAISE(ABORT, 'a reversal mirrors its costs'); END
-----
CREATE TRIGGER cost_row_used BEFORE UPDATE ON cost_row WHEN EXISTS (SELECT 1 FROM payout_cost c WHERE c.cost_row_id = OLD.id) AND (NOT (NEW.id IS OLD.id AND NEW.kind IS OLD.kind AND NEW.instrument_id IS OLD.instrument_id AND NEW.period_from IS OLD.period_from AND NEW.period_to IS OLD.period_to AND NEW.fen IS OLD.fen AND NEW.document IS OLD.document) OR EXISTS (SELECT 1 FROM payout_cost c JOIN payout_run r ON r.id = c.run_id WHERE c.cost_row_id = OLD.id AND r.reverses IS NULL AND r.state NOT IN ('withdrawn', 'reversed'))) BEGIN SELECT RAISE(ABORT, 'a used cost row never changes'); END
-----
CREATE TRIGGER attachment_of_insert BEFORE INSERT ON attachment WHEN NOT ((NEW.of_kind = 'instrument' AND EXISTS (SELECT 1 FROM instrument s WHERE s.id = NEW.of_id)) OR (NEW.of_kind = 'fee_schedule' AND EXISTS (SELECT 1 FROM fee_schedule s WHERE s.id = NEW.of_id)) OR (NEW.of_kind = 'service_record' AND EXISTS (SELECT 1 FROM service_record s WHERE s.id = NEW.of_id)) OR (NEW.of_kind = 'cost_row' AND EXISTS (SELECT 1 FROM cost_row s WHERE s.id = NEW.of_id)) OR (NEW.of_kind = 'receipt' AND EXISTS (SELECT 1 FROM receipt s WHERE s.id = NEW.of_id)) OR (NEW.of_kind = 'payout_run' AND EXISTS (SELECT 1 FROM payout_run s WHERE s.id = NEW.of_id)) OR (NEW.of_kind = 'pilot_base' AND EXISTS (SELECT 1 FROM pilot_base s WHERE s.id = NEW.of_id)) OR (NEW.of_kind = 'pilot_equipment' AND EXISTS (SELECT 1 FROM pilot_equipment s WHERE s.id = NEW.of_id)) OR (NEW.of_kind = 'voucher_claim' AND EXISTS (SELECT 1 FROM voucher_claim s WHERE s.id = NEW.of_id)) OR (NEW.of_kind = 'purchase_proposal' AND EXISTS (SELECT 1 FROM purchase_proposal s WHERE s.id = NEW.of_id)) OR (NEW.of_kind = 'transfer' AND EXISTS (SELECT 1 FROM transfer s WHERE s.id = NEW.of_id)) OR (NEW.of_kind = 'integrity_answer' AND EXISTS (SELECT 1 FROM integrity_answer s WHERE s.id = NEW.of_id)) OR (NEW.of_kind = 'management_document' AND EXISTS (SELECT 1 FROM management_document s WHERE s.id = NEW.of_id)) OR (NEW.of_kind = 'training' AND EXISTS (SELECT 1 FROM training s WHERE s.id = NEW.of_id)) OR (NEW.of_kind = 'staff_fact' AND EXISTS (SELECT 1 FROM staff_fact s WHERE s.id = NEW.of_id)) OR (NEW.of_kind = 'outside_use' AND EXISTS (SELECT 1 FROM outside_use s WHERE s.id = NEW.of_id))) BEGIN SELECT RAISE(ABORT, 'an attachment belongs to a row that is there'); END
-----
CREATE TRIGGER attachment_kept_insert BEFORE INSERT ON attachment WHEN NEW.kept = 1 AND NOT EXISTS (SELECT 1 FROM evidence_part p WHERE p.sha256 = NEW.sha256) BEGIN SELECT RAISE(ABORT, 'the bytes of the attachment are gone'); END
-----
CREATE TRIGGER attachment_of_update BEFORE UPDATE ON attachment WHEN NOT ((NEW.of_kind = 'instrument' AND EXISTS (SELECT 1 FROM instrument s WHERE s.id = NEW.of_id)) OR (NEW.of_kind = 'fee_schedule' AND EXISTS (SELECT 1 FROM fee_schedule s WHERE s.id = NEW.of_id)) OR (NEW.of_kind = 'service_record' AND EXISTS (SELECT 1 FROM service_record s WHERE s.id = NEW.of_id)) OR (NEW.of_kind = 'cost_row' AND EXISTS (SELECT 1 FROM cost_row s WHERE s.id = NEW.of_id)) OR (NEW.of_kind = 'receipt' AND EXISTS (SELECT 1 FROM receipt s WHERE s.id = NEW.of_id)) OR (NEW.of_kind = 'payout_run' AND EXISTS (SELECT 1 FROM payout_run s WHERE s.id = NEW.of_id)) OR (NEW.of_kind = 'pilot_base' AND EXISTS (SELECT 1 FROM pilot_base s WHERE s.id = NEW.of_id)) OR (NEW.of_kind = 'pilot_equipment' AND EXISTS (SELECT 1 FROM pilot_equipment s WHERE s.id = NEW.of_id)) OR (NEW.of_kind = 'voucher_claim' AND EXISTS (SELECT 1 FROM voucher_claim s WHERE s.id = NEW.of_id)) OR (NEW.of_kind = 'purchase_proposal' AND EXISTS (SELECT 1 FROM purchase_proposal s WHERE s.id = NEW.of_id)) OR (NEW.of_kind = 'transfer' AND EXISTS (SELECT 1 FROM transfer s WHERE s.id = NEW.of_id)) OR (NEW.of_kind = 'integrity_answer' AND EXISTS (SELECT 1 FROM integrity_answer s WHERE s.id = NEW.of_id)) OR (NEW.of_kind = 'management_document' AND EXISTS (SELECT 1 FROM management_document s WHERE s.id = NEW.of_id)) OR (NEW.of_kind = 'training' AND EXISTS (SELECT 1 FROM training s WHERE s.id = NEW.of_id)) OR (NEW.of_kind = 'staff_fact' AND EXISTS (SELECT 1 FROM staff_fact s WHERE s.id = NEW.of_id)) OR (NEW.of_kind = 'outside_use' AND EXISTS (SELECT 1 FROM outside_use s WHERE s.id = NEW.of_id))) BEGIN SELECT RAISE(ABORT, 'an attachment belongs to a row that is there'); END
-----
CREATE TRIGGER attachment_kept_update BEFORE UPDATE ON attachment WHEN NEW.kept = 1 AND NOT EXISTS (SELECT 1 FROM evidence_part p WHERE p.sha256 = NEW.sha256) BEGIN SELECT RAISE(ABORT, 'the bytes of the attachment are gone'); END
-----
CREATE TRIGGER attachment_holds_instrument BEFORE DELETE ON instrument WHEN EXISTS (SELECT 1 FROM attachment a WHERE a.of_kind = 'instrument' AND a.of_id = OLD.id) BEGIN SELECT RAISE(ABORT, 'attachments hang on it'); END
-----
CREATE TRIGGER attachment_holds_fee_schedule BEFORE DELETE ON fee_schedule WHEN EXISTS (SELECT 1 FROM attachment a WHERE a.of_kind = 'fee_schedule' AND a.of_id = OLD.id) BEGIN SELECT RAISE(ABORT, 'attachments hang on it'); END
-----
CREATE TRIGGER attachment_holds_service_record BEFORE DELETE ON service_record WHEN EXISTS (SELECT 1 FROM attachment a WHERE a.of_kind = 'service_record' AND a.of_id = OLD.id) BEGIN SELECT RAISE(ABORT, 'attachments hang on it'); END
-----
CREATE TRIGGER attachment_holds_cost_row BEFORE DELETE ON cost_row WHEN EXISTS (SELECT 1 FROM attachment a WHERE a.of_kind = 'cost_row' AND a.of_id = OLD.id) BEGIN SELECT RAISE(ABORT, 'attachments hang on it'); END
-----
CREATE TRIGGER attachment_holds_receipt BEFORE DELETE ON receipt WHEN EXISTS (SELECT 1 FROM attachment a WHERE a.of_kind = 'receipt' AND a.of_id = OLD.id) BEGIN SELECT RAISE(ABORT, 'attachments hang on it'); END
-----
CREATE TRIGGER attachment_holds_payout_run BEFORE DELETE ON payout_run WHEN EXISTS (SELECT 1 FROM attachment a WHERE a.of_kind = 'payout_run' AND a.of_id = OLD.id) BEGIN SELECT RAISE(ABORT, 'attachments hang on it'); END
-----
CREATE TRIGGER attachment_holds_pilot_base BEFORE DELETE ON pilot_base WHEN EXISTS (SELECT 1 FROM attachment a WHERE a.of_kind = 'pilot_base' AND a.of_id = OLD.id) BEGIN SELECT RAISE(ABORT, 'attachments hang on it'); END
-----
CREATE TRIGGER attachment_holds_pilot_equipment BEFORE DELETE ON pilot_equipment WHEN EXISTS (SELECT 1 FROM attachment a WHERE a.of_kind = 'pilot_equipment' AND a.of_id = OLD.id) BEGIN SELECT RAISE(ABORT, 'attachments hang on it'); END
-----
CREATE TRIGGER attachment_holds_voucher_claim BEFORE DELETE ON voucher_claim WHEN EXISTS (SELECT 1 FROM attachment a WHERE a.of_kind = 'voucher_claim' AND a.of_id = OLD.id) BEGIN SELECT RAISE(ABORT, 'attachments hang on it'); END
-----
CREATE TRIGGER attachment_holds_purchase_proposal BEFORE DELETE ON purchase_proposal WHEN EXISTS (SELECT 1 FROM attachment a WHERE a.of_kind = 'purchase_proposal' AND a.of_id = OLD.id) BEGIN SELECT RAISE(ABORT, 'attachments hang on it'); END
-----
CREATE TRIGGER attachment_holds_transfer BEFORE DELETE ON transfer WHEN EXISTS (SELECT 1 FROM attachment a WHERE a.of_kind = 'transfer' AND a.of_id = OLD.id) BEGIN SELECT RAISE(ABORT, 'attachments hang on it'); END
-----
CREATE TRIGGER attachment_holds_integrity_answer BEFORE DELETE ON integrity_answer WHEN EXISTS (SELECT 1 FROM attachment a WHERE a.of_kind = 'integrity_answer' AND a.of_id = OLD.id) BEGIN SELECT RAISE(ABORT, 'attachments hang on it'); END
-----
CREATE TRIGGER attachment_holds_management_document BEFORE DELETE ON management_document WHEN EXISTS (SELECT 1 FROM attachment a WHERE a.of_kind = 'management_document' AND a.of_id = OLD.id) BEGIN SELECT RAISE(ABORT, 'attachments hang on it'); END
-----
CREATE TRIGGER attachment_holds_training BEFORE DELETE ON training WHEN EXISTS (SELECT 1 FROM attachment a WHERE a.of_kind = 'training' AND a.of_id = OLD.id) BEGIN SELECT RAISE(ABORT, 'attachments hang on it'); END
-----
CREATE TRIGGER attachment_holds_staff_fact BEFORE DELETE ON staff_fact WHEN EXISTS (SELECT 1 FROM attachment a WHERE a.of_kind = 'staff_fact' AND a.of_id = OLD.id) BEGIN SELECT RAISE(ABORT, 'attachments hang on it'); END
-----
CREATE TRIGGER attachment_holds_outside_use BEFORE DELETE ON outside_use WHEN EXISTS (SELECT 1 FROM attachment a WHERE a.of_kind = 'outside_use' AND a.of_id = OLD.id) BEGIN SELECT RAISE(ABORT, 'attachments hang on it'); END
-----
CREATE TRIGGER evidence_part_delete BEFORE DELETE ON evidence_part WHEN EXISTS (SELECT 1 FROM attachment a WHERE a.sha256 = OLD.sha256 AND a.kept = 1) BEGIN SELECT RAISE(ABORT, 'bytes in use never change'); END
-----
CREATE TRIGGER evidence_part_update BEFORE UPDATE ON evidence_part WHEN 1 BEGIN SELECT RAISE(ABORT, 'bytes in use never change'); END
-----
CREATE TRIGGER purchase_proposal_insert BEFORE INSERT ON purchase_proposal WHEN NEW.state <> 'draft' BEGIN SELECT RAISE(ABORT, 'a purchase never changes once settled'); END
-----
CREATE TRIGGER purchase_proposal_update BEFORE UPDATE ON purchase_proposal WHEN OLD.state <> 'draft' OR (NEW.state <> 'draft' AND NOT (NEW.id IS OLD.id AND NEW.number IS OLD.number AND NEW.proposed_on IS OLD.proposed_on AND NEW.name IS OLD.name AND NEW.price_fen IS OLD.price_fen AND NEW.provincial_fen IS OLD.provincial_fen AND NEW.central_fen IS OLD.central_fen AND NEW.model IS OLD.model AND NEW.class_code IS OLD.class_code AND NEW.functions IS OLD.functions AND NEW.department IS OLD.department AND NEW.reason IS OLD.reason AND NEW.prepared_by IS OLD.prepared_by AND NEW.prepared_at IS OLD.prepared_at)) OR (NEW.state = 'reviewed') IS NOT EXISTS (SELECT 1 FROM purchase_review r WHERE r.proposal_id = OLD.id AND r.opinion <> 'revise') BEGIN SELECT RAISE(ABORT, 'a purchase never changes once settled'); END
-----
CREATE TRIGGER purchase_proposal_delete BEFORE DELETE ON purchase_proposal WHEN OLD.state <> 'draft' BEGIN SELECT RAISE(ABORT, 'a purchase never changes once settled'); END
-----
CREATE TRIGGER purchase_review_insert BEFORE INSERT ON purchase_review WHEN NOT EXISTS (SELECT 1 FROM purchase_proposal p WHERE p.id = NEW.proposal_id AND p.state = 'draft') BEGIN SELECT RAISE(ABORT, 'a purchase never changes once settled'); END
-----
CREATE TRIGGER purchase_review_two_people BEFORE INSERT ON purchase_review WHEN EXISTS (SELECT 1 FROM purchase_proposal p WHERE p.id = NEW.proposal_id AND p.prepared_by = NEW.reviewed_by) BEGIN SELECT RAISE(ABORT, 'a purchase is reviewed by another person'); END
-----
CREATE TRIGGER pilot_openness_update BEFORE UPDATE ON pilot_openness WHEN NOT (NEW.id IS OLD.id AND NEW.state IS OLD.state AND NEW.from_on IS OLD.from_on AND NEW.reason IS OLD.reason AND NEW.said_by IS OLD.said_by AND NEW.said_at IS OLD.said_at AND (NEW.base_id IS OLD.base_id OR EXISTS (SELECT 1 FROM pilot_base t WHERE t.id = NEW.base_id AND t.number LIKE '% (' || NEW.base_id || ')')) AND (NEW.equipment_id IS OLD.equipment_id OR EXISTS (SELECT 1 FROM pilot_equipment t WHERE t.id = NEW.equipment_id AND t.number LIKE '% (' || NEW.equipment_id || ')'))) BEGIN SELECT RAISE(ABORT, 'an open state never changes once said'); END
-----
CREATE TRIGGER pilot_service_insert BEFORE INSERT ON pilot_service WHEN NEW.equipment_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM pilot_equipment e JOIN service_record r ON r.id = NEW.record_id WHERE e.id = NEW.equipment_id AND (e.instrument_id IS NULL OR e.instrument_id = r.instrument_id)) BEGIN SELECT RAISE(ABORT, 'a pilot service is served on its own set'); END
-----
CREATE TRIGGER pilot_service_update BEFORE UPDATE ON pilot_service WHEN NEW.equipment_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM pilot_equipment e JOIN service_record r ON r.id = NEW.record_id WHERE e.id = NEW.equipment_id AND (e.instrument_id IS NULL OR e.instrument_id = r.instrument_id)) BEGIN SELECT RAISE(ABORT, 'a pilot service is served on its own set'); END
