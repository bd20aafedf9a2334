from .db import SessionLocal, get_db, get_session, lifespan_maker
from .mail import notify, send, Mailer
from .queue import Queue, enqueue, get_queue
